"""Several neighbouring elements at once: a vector type for kernels whose loops write much.

The compiler turns a loop into SIMD only where it can prove that no output overlaps an input, which
it gives up on after a few arrays, and it leaves what does not fill a vector to scalar code. With
this type a kernel says itself what is done at once.
"""

from __future__ import annotations

import operator

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import models, overload, register_model

from spn_kernels.simd import intrinsic

LANES = 8
"""Elements at once."""


class LanesType(types.Type):
    """``LANES`` neighbouring elements of an array of ``dtype``."""

    def __init__(self, dtype: types.Float) -> None:
        self.dtype = dtype
        super().__init__(name=f"Lanes({dtype})")


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager, lanes):
        item = ir.FloatType() if lanes.dtype == types.float32 else ir.DoubleType()
        super().__init__(manager, lanes, ir.VectorType(item, LANES))


def _pointer(context, builder, array_type, array, indices):
    data = context.make_array(array_type)(context, builder, array)
    item = cgutils.get_item_pointer(context, builder, array_type, data, indices, wraparound=False)
    vector = context.get_value_type(LanesType(array_type.dtype))
    align = context.get_abi_sizeof(context.get_value_type(array_type.dtype))
    return builder.bitcast(item, vector.as_pointer()), align


def _indices(builder, index_type, index):
    return [index] if index_type == types.intp else cgutils.unpack_tuple(builder, index)


@intrinsic
def load(typingctx, array, index):
    """Return the elements from ``index`` on along the last axis, which is contiguous.

    ``index`` has an entry an axis (an integer where there is one). Nothing is checked.
    """
    if not isinstance(index, types.BaseTuple):
        index = types.intp
    signature = LanesType(array.dtype)(array, index)

    def codegen(context, builder, signature, arguments):
        array_type, index_type = signature.args
        indices = _indices(builder, index_type, arguments[1])
        pointer, align = _pointer(context, builder, array_type, arguments[0], indices)
        return builder.load(pointer, align=align)

    return signature, codegen


@intrinsic
def store(typingctx, array, index, value):
    """Write ``value`` from ``index`` on; see :func:`load`."""
    if not isinstance(index, types.BaseTuple):
        index = types.intp
    signature = types.void(array, index, value)

    def codegen(context, builder, signature, arguments):
        array_type, index_type = signature.args[:2]
        indices = _indices(builder, index_type, arguments[1])
        pointer, align = _pointer(context, builder, array_type, arguments[0], indices)
        builder.store(arguments[2], pointer, align=align)
        return context.get_dummy_value()

    return signature, codegen


def _spread(builder, value):
    empty = ir.Constant(ir.VectorType(value.type, LANES), ir.Undefined)
    first = builder.insert_element(empty, value, cgutils.intp_t(0))
    order = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, empty, order)


@intrinsic
def spread(typingctx, value):
    """Return the same value in all lanes."""
    signature = LanesType(value)(value)

    def codegen(context, builder, signature, arguments):
        return _spread(builder, arguments[0])

    return signature, codegen


@intrinsic
def lanes_from(typingctx, a, first):
    """Return ``a`` with 0 in the lanes before ``first``."""
    signature = a(a, types.int64)

    def codegen(context, builder, signature, arguments):
        lanes, first = arguments
        wanted = _spread(builder, first)
        keep = builder.icmp_signed(">=", ir.Constant(wanted.type, list(range(LANES))), wanted)
        return builder.select(keep, lanes, ir.Constant(lanes.type, [0.0] * LANES))

    return signature, codegen


def _binary(build):
    @intrinsic
    def compute(typingctx, a, b):
        signature = a(a, b)

        def codegen(context, builder, signature, arguments):
            return build(builder, *arguments)

        return signature, codegen

    return compute


def _unary(build):
    @intrinsic
    def compute(typingctx, a):
        signature = a(a)

        def codegen(context, builder, signature, arguments):
            return build(builder, arguments[0])

        return signature, codegen

    return compute


def _register(symbol, build):
    compute = _binary(build)

    @overload(symbol)
    def _(a, b):
        if isinstance(a, LanesType) and isinstance(b, LanesType):
            return lambda a, b: compute(a, b)
        return None


_register(operator.add, lambda builder, a, b: builder.fadd(a, b))
_register(operator.sub, lambda builder, a, b: builder.fsub(a, b))
_register(operator.mul, lambda builder, a, b: builder.fmul(a, b))
_register(operator.truediv, lambda builder, a, b: builder.fdiv(a, b))


def _larger(builder, a, b):
    # In this order it is one instruction, and a NaN in ``a`` stays.
    return builder.select(builder.fcmp_ordered("<", a, b), b, a)


_larger_lanes = _binary(_larger)


def larger(a, b):
    """Return the larger of two numbers or of the lanes of two vectors; NaN where ``a`` is."""
    raise TypeError("for compiled code only")


@overload(larger)
def _larger_of(a, b):
    if isinstance(a, LanesType):
        return lambda a, b: _larger_lanes(a, b)
    return lambda a, b: b if a < b else a


def _larger_or_nan(builder, a, b):
    wins = builder.or_(builder.fcmp_ordered(">", a, b), builder.fcmp_unordered("uno", a, a))
    return builder.select(wins, a, b)


_larger_or_nan_lanes = _binary(_larger_or_nan)


def larger_or_nan(a, b):
    """Return the larger of two numbers or of the lanes of two vectors; NaN where one of them is."""
    raise TypeError("for compiled code only")


@overload(larger_or_nan)
def _larger_or_nan_of(a, b):
    if isinstance(a, LanesType):
        return lambda a, b: _larger_or_nan_lanes(a, b)
    return lambda a, b: a if a > b or a != a else b


def _called(name):
    def build(builder, a):
        bits = 32 if a.type.element == ir.FloatType() else 64
        function = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(a.type, [a.type]), f"llvm.{name}.v{LANES}f{bits}"
        )
        return builder.call(function, [a])

    return build


_size_lanes, _floor_lanes = _unary(_called("fabs")), _unary(_called("floor"))


def size(a):
    """Return the absolute value of a number or of each lane."""
    raise TypeError("for compiled code only")


@overload(size)
def _size(a):
    if isinstance(a, LanesType):
        return lambda a: _size_lanes(a)
    return lambda a: abs(a)


def like(a, value):
    """Return a constant as the kind of ``a``: a number of its type, or one in each lane."""
    raise TypeError("for compiled code only")


@overload(like)
def _like(a, value):
    if isinstance(a, LanesType):
        dtype = np.float32 if a.dtype == types.float32 else np.float64
        return lambda a, value: spread(dtype(value))
    dtype = np.float32 if a == types.float32 else np.float64
    return lambda a, value: dtype(value)


def _two_to(builder, a):
    """Write exponent bits; ``a`` holds whole numbers in the range of normal numbers."""
    vector = isinstance(a.type, ir.VectorType)
    item = a.type.element if vector else a.type
    width, bias, shift = (32, 127, 23) if item == ir.FloatType() else (64, 1023, 52)
    bits = ir.VectorType(ir.IntType(width), LANES) if vector else ir.IntType(width)

    def constant(value):
        return ir.Constant(bits, [value] * LANES if vector else value)

    number = builder.fptosi(a, bits)
    return builder.bitcast(
        builder.shl(builder.add(number, constant(bias)), constant(shift)), a.type
    )


_power_of_two = _unary(_two_to)


@intrinsic
def multiply_add(typingctx, a, b, c):
    """Return a * b + c, for numbers or lanes; rounded once where the processor does so at once."""
    signature = a(a, b, c)

    def codegen(context, builder, signature, arguments):
        kind = arguments[0].type
        vector = isinstance(kind, ir.VectorType)
        single = (kind.element if vector else kind) == ir.FloatType()
        name = (f"v{LANES}" if vector else "") + ("f32" if single else "f64")
        function = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(kind, [kind] * 3), f"llvm.fmuladd.{name}"
        )
        return builder.call(function, arguments)

    return signature, codegen


def _whole(a):
    raise TypeError("for compiled code only")


@overload(_whole)
def _whole_of(a):
    if isinstance(a, LanesType):
        return lambda a: _floor_lanes(a)
    return lambda a: np.floor(a)


def exp_nonpositive(x):
    """Return e to the power of x <= 0; results under the smallest normal number become it.

    For a number or for the lanes of a vector, with the same bits as a result.
    """
    raise TypeError("for compiled code only")


def _inverse_factorials(degree):
    factorial = 1.0
    found = [1.0]
    for i in range(1, degree + 1):
        factorial *= i
        found.append(1.0 / factorial)
    return tuple(found)


@overload(exp_nonpositive)
def _exp_nonpositive(x):
    # e^x = 2^n e^r with |r| <= ln(2) / 2, where the Taylor series ends within one rounding.
    dtype = x.dtype if isinstance(x, LanesType) else x
    f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13 = _inverse_factorials(13)[2:]
    per = 1.4426950408889634
    if dtype == types.float32:
        high, low = 0.693359375, -2.1219444e-4  # their sum is ln 2

        def single(x):
            y = larger(x, like(x, -87.0))
            n = _whole(multiply_add(y, like(x, per), like(x, 0.5)))
            r = multiply_add(n, like(x, -low), multiply_add(n, like(x, -high), y))
            p = multiply_add(r, like(x, f7), like(x, f6))
            p = multiply_add(r, multiply_add(r, p, like(x, f5)), like(x, f4))
            p = multiply_add(r, multiply_add(r, p, like(x, f3)), like(x, f2))
            return multiply_add(r * r, p, like(x, 1.0) + r) * _power_of_two(n)

        return single
    if dtype == types.float64:
        dhigh, dlow = 6.93147180369123816490e-01, 1.9082149292705877e-10

        def double(x):
            y = larger(x, like(x, -708.0))
            n = _whole(multiply_add(y, like(x, per), like(x, 0.5)))
            r = multiply_add(n, like(x, -dlow), multiply_add(n, like(x, -dhigh), y))
            p = multiply_add(r, like(x, f13), like(x, f12))
            p = multiply_add(r, multiply_add(r, p, like(x, f11)), like(x, f10))
            p = multiply_add(r, multiply_add(r, p, like(x, f9)), like(x, f8))
            p = multiply_add(r, multiply_add(r, p, like(x, f7)), like(x, f6))
            p = multiply_add(r, multiply_add(r, p, like(x, f5)), like(x, f4))
            p = multiply_add(r, multiply_add(r, p, like(x, f3)), like(x, f2))
            return multiply_add(r * r, p, like(x, 1.0) + r) * _power_of_two(n)

        return double
    return None
