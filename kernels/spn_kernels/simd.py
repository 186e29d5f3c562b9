"""Turning columns into lines and back in tiles of 8 x 8, with the processor's vector instructions.

The tile is written with LLVM's vector types, so it compiles to the best instructions of whatever
processor is at hand.
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba import extending, types
from numba.core import cgutils

jit = numba.njit(nogil=True, cache=True, error_model="numpy")
jit_inside = numba.njit(nogil=True, cache=True, error_model="numpy", forceinline=True)
"""For what is called once a line: handing over its arrays costs more than a short line does."""

intrinsic: Any = extending.intrinsic
"""Numba's, without a type: its first parameter is not one for those who call."""

TILE = 8


@intrinsic
def _transpose_tile(typingctx, source, target):
    """Write the transpose of ``source[:8, :8]`` to ``target[:8, :8]``; rows are contiguous."""
    signature = types.void(source, target)

    def codegen(context, builder, signature, arguments):
        item = context.get_value_type(signature.args[0].dtype)
        vector = ir.VectorType(item, TILE)
        count = ir.IntType(32)

        def rows(array_type, value):
            array = context.make_array(array_type)(context, builder, value)
            stride = cgutils.unpack_tuple(builder, array.strides)[0]
            base = builder.ptrtoint(array.data, stride.type)
            pointers = []
            for i in range(TILE):
                offset = builder.mul(stride, ir.Constant(stride.type, i))
                address = builder.add(base, offset)
                pointers.append(builder.inttoptr(address, vector.as_pointer()))
            return pointers

        align = context.get_abi_sizeof(item)
        lines = [builder.load(p, align=align) for p in rows(signature.args[0], arguments[0])]
        # Three rounds of exchanging halves: of 1, 2 and 4 items.
        step = 1
        while step < TILE:
            low = [(i // step) % 2 == 0 for i in range(TILE)]
            first = [i if low[i] else TILE + i - step for i in range(TILE)]
            second = [i + step if low[i] else TILE + i for i in range(TILE)]
            masks = [
                ir.Constant(ir.VectorType(count, TILE), [ir.Constant(count, i) for i in order])
                for order in (first, second)
            ]
            exchanged = list(lines)
            for i in range(TILE):
                if low[i]:
                    a, b = lines[i], lines[i + step]
                    exchanged[i] = builder.shuffle_vector(a, b, masks[0])
                    exchanged[i + step] = builder.shuffle_vector(a, b, masks[1])
            lines = exchanged
            step *= 2
        for pointer, line in zip(rows(signature.args[1], arguments[1]), lines, strict=True):
            builder.store(line, pointer, align=align)
        return context.get_dummy_value()

    return signature, codegen


def _prefetch(write):
    @intrinsic
    def ask(typingctx, array, index):
        """Ask for the cache line with the element at ``index``, which need not exist.

        ``index`` has an entry an axis. This never faults.
        """
        signature = types.void(array, index)

        def codegen(context, builder, signature, arguments):
            array_type = signature.args[0]
            data = context.make_array(array_type)(context, builder, arguments[0])
            indices = cgutils.unpack_tuple(builder, arguments[1])
            item = cgutils.get_item_pointer(
                context, builder, array_type, data, indices, wraparound=False
            )
            number = ir.IntType(32)
            pointer = builder.bitcast(item, ir.IntType(8).as_pointer())
            kinds = [pointer.type, number, number, number]
            function = cgutils.get_or_insert_function(
                builder.module, ir.FunctionType(ir.VoidType(), kinds), "llvm.prefetch.p0"
            )
            constants = [ir.Constant(number, value) for value in (write, 3, 1)]
            builder.call(function, [pointer, *constants])
            return context.get_dummy_value()

        return signature, codegen

    return ask


ask_to_read, ask_to_write = _prefetch(0), _prefetch(1)

_AHEAD = 32
"""Rows that are asked for before they are needed: the processor foresees no strides of pages."""

_FETCHED = 32
"""Columns that come with one that is asked for: two cache lines of float32, fetched as a pair."""


@jit
def columns_to_lines(source, target):
    """Write the transpose of ``source`` (R, C), whose rows lie far apart, to ``target`` (C, R)."""
    rows, columns = source.shape
    whole_rows, whole_columns = rows - rows % TILE, columns - columns % TILE
    for r in range(0, whole_rows, TILE):
        if r + _AHEAD + TILE <= rows:
            for i in range(TILE):
                for c in range(0, columns, _FETCHED):
                    ask_to_read(source, (r + _AHEAD + i, c))
        for c in range(0, whole_columns, TILE):
            _transpose_tile(source[r : r + TILE, c : c + TILE], target[c : c + TILE, r : r + TILE])
        for c in range(whole_columns, columns):
            for i in range(r, r + TILE):
                target[c, i] = source[i, c]
    for r in range(whole_rows, rows):
        for c in range(columns):
            target[c, r] = source[r, c]


@jit
def lines_to_columns(source, target):
    """Write the transpose of ``source`` (C, R) to ``target`` (R, C), whose rows lie far apart."""
    rows, columns = target.shape
    whole_rows, whole_columns = rows - rows % TILE, columns - columns % TILE
    for r in range(0, whole_rows, TILE):
        if r + _AHEAD + TILE <= rows:
            for i in range(TILE):
                for c in range(0, columns, _FETCHED):
                    ask_to_write(target, (r + _AHEAD + i, c))
        for c in range(0, whole_columns, TILE):
            _transpose_tile(source[c : c + TILE, r : r + TILE], target[r : r + TILE, c : c + TILE])
        for c in range(whole_columns, columns):
            for i in range(r, r + TILE):
                target[i, c] = source[c, i]
    for r in range(whole_rows, rows):
        for c in range(columns):
            target[r, c] = source[c, r]
