"""Small pieces of machine code that Numba cannot reach by itself: an 8x8 transpose and powers of 2.

Both are written with LLVM's vector types, so they compile to the best instructions of whatever
processor is at hand.
"""

from __future__ import annotations

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, overload

jit = numba.njit(nogil=True, cache=True, error_model="numpy")

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


@jit
def transpose(source, target):
    """Write the transpose of ``source`` (R, C) to ``target`` (C, R); rows are contiguous."""
    rows, columns = source.shape
    whole_rows, whole_columns = rows - rows % TILE, columns - columns % TILE
    for r in range(0, whole_rows, TILE):
        for c in range(0, whole_columns, TILE):
            _transpose_tile(  # pyright: ignore[reportCallIssue]
                source[r : r + TILE, c : c + TILE], target[c : c + TILE, r : r + TILE]
            )
        for c in range(whole_columns, columns):
            for i in range(r, r + TILE):
                target[c, i] = source[i, c]
    for r in range(whole_rows, rows):
        for c in range(columns):
            target[c, r] = source[r, c]


@intrinsic
def _power_of_two(typingctx, exponent):
    """Return 2 to a whole number in the range of normal numbers, by writing the exponent bits."""
    signature = exponent(exponent)

    def codegen(context, builder, signature, arguments):
        single = signature.args[0] == types.float32
        bits = ir.IntType(32 if single else 64)
        number = builder.fptosi(arguments[0], bits)
        biased = builder.add(number, ir.Constant(bits, 127 if single else 1023))
        shifted = builder.shl(biased, ir.Constant(bits, 23 if single else 52))
        return builder.bitcast(shifted, context.get_value_type(signature.return_type))

    return signature, codegen


def exp_nonpositive(x):
    """Return e to the power of x <= 0; results under the smallest normal number become it."""
    raise TypeError("for compiled code only")


def _factors(dtype, degree):
    factorial = 1.0
    factors = [1.0]
    for i in range(1, degree + 1):
        factorial *= i
        factors.append(1.0 / factorial)
    return tuple(dtype(f) for f in factors)


@overload(exp_nonpositive)
def _exp_nonpositive(x):
    # e^x = 2^n e^r with |r| <= ln(2) / 2, where the Taylor series ends within one rounding.
    if x == types.float32:
        least = np.float32(-87.0)
        high, low = np.float32(0.693359375), np.float32(-2.1219444e-4)  # their sum is ln 2
        f = _factors(np.float32, 7)
        f2, f3, f4, f5, f6, f7 = f[2:]
        per, half, one = np.float32(1.4426950408889634), np.float32(0.5), np.float32(1)

        def single(x):
            y = least if x < least else x
            n = np.floor(y * per + half)
            r = y - n * high - n * low
            p = f2 + r * (f3 + r * (f4 + r * (f5 + r * (f6 + r * f7))))
            return (one + r + r * r * p) * _power_of_two(n)  # pyright: ignore[reportCallIssue]

        return single
    if x == types.float64:
        dlow, dhigh = 1.9082149292705877e-10, 6.93147180369123816490e-01
        g = _factors(float, 13)

        def double(x):
            y = -708.0 if x < -708.0 else x
            n = np.floor(y * 1.4426950408889634 + 0.5)
            r = y - n * dhigh - n * dlow
            p = g[13]
            for i in range(12, 1, -1):
                p = p * r + g[i]
            return (1.0 + r + r * r * p) * _power_of_two(n)  # pyright: ignore[reportCallIssue]

        return double
    return None
