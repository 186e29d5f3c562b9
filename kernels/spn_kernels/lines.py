"""Numba kernels for one line of a scan: its gates, the recurrence, the merge, and their gradients.

Written with vectors (``lanes``). Where a result depends on inputs alone, the last vector overlaps
the one before, so that no element is left to scalar code; where it adds to what is there, the rest
of a line is done element by element.
"""

from __future__ import annotations

from spn_kernels.lanes import (
    LANES,
    exp_nonpositive,
    lanes_from,
    larger,
    larger_or_nan,
    like,
    load,
    multiply_add,
    size,
    store,
)
from spn_kernels.simd import ask_to_read, jit, jit_inside


@jit
def _convex(a, d):
    top = larger(a, d)
    ea, ed = exp_nonpositive(a - top), exp_nonpositive(d - top)
    return ea / (ea + ed)


@jit
def _convex_three(a, b, c, d):
    top = larger(larger(a, b), larger(c, d))
    ea, eb = exp_nonpositive(a - top), exp_nonpositive(b - top)
    ec, ed = exp_nonpositive(c - top), exp_nonpositive(d - top)
    factor = like(a, 1.0) / (ea + eb + ec + ed)
    return ea * factor, eb * factor, ec * factor


@jit
def _signed(a):
    return a / larger(size(a), like(a, 1.0))


@jit
def _signed_three(a, b, c):
    factor = like(a, 1.0) / larger(size(a) + size(b) + size(c), like(a, 1.0))
    return a * factor, b * factor, c * factor


@jit
def normalize_line(raw, t, gates, u, mode, m):
    """Normalise line ``t`` of ``raw`` (K or K + 1, T, M) into line ``u`` of ``gates`` (K, U, M).

    The first ``m`` elements. See :func:`spn_kernels.normalize_gates`; ``mode`` is not ``AS_IS``.
    """
    k = gates.shape[0]
    i = 0
    while m >= LANES and i < m:
        i = min(i, m - LANES)
        a = load(raw, (0, t, i))
        if k == 1:
            if mode == 1:
                store(gates, (0, u, i), _signed(a))
            else:
                store(gates, (0, u, i), _convex(a, load(raw, (1, t, i))))
        else:
            b, c = load(raw, (1, t, i)), load(raw, (2, t, i))
            if mode == 1:
                a, b, c = _signed_three(a, b, c)
            else:
                a, b, c = _convex_three(a, b, c, load(raw, (3, t, i)))
            store(gates, (0, u, i), a)
            store(gates, (1, u, i), b)
            store(gates, (2, u, i), c)
        i += LANES
    for r in range(i, m):
        if k == 1:
            if mode == 1:
                gates[0, u, r] = _signed(raw[0, t, r])
            else:
                gates[0, u, r] = _convex(raw[0, t, r], raw[1, t, r])
        elif mode == 1:
            gates[0, u, r], gates[1, u, r], gates[2, u, r] = _signed_three(
                raw[0, t, r], raw[1, t, r], raw[2, t, r]
            )
        else:
            gates[0, u, r], gates[1, u, r], gates[2, u, r] = _convex_three(
                raw[0, t, r], raw[1, t, r], raw[2, t, r], raw[3, t, r]
            )


@jit
def _step(v, a, b, c, before, same, after):
    return v + a * (before - v) + b * (same - v) + c * (after - v)


@jit_inside
def scan_line(x, i, gates, t, previous, p, out, o, m):
    """Write one line of ``m`` elements: x + sum of gate times (neighbour on the line before - x).

    The line is row ``i`` of ``x``, the one before row ``p`` of ``previous``, the result row ``o``
    of ``out``; the gates are line ``t`` of ``gates`` (K, T, M). Rows are named by number, because
    a view of one would count references for every line.

    In this form a constant comes back exactly, and a neighbour outside gives its weight back.
    """
    if gates.shape[0] == 1 or m == 1:
        middle = gates.shape[0] // 2
        r = 0
        while m >= LANES and r < m:
            r = min(r, m - LANES)
            v = load(x, (i, r))
            same = load(previous, (p, r))
            store(out, (o, r), v + load(gates, (middle, t, r)) * (same - v))
            r += LANES
        for q in range(r, m):
            out[o, q] = x[i, q] + gates[middle, t, q] * (previous[p, q] - x[i, q])
        return
    e = m - 1
    r = 1
    while e - 1 >= LANES and r < e:
        r = min(r, e - LANES)
        a, b, c = load(gates, (0, t, r)), load(gates, (1, t, r)), load(gates, (2, t, r))
        before, same = load(previous, (p, r - 1)), load(previous, (p, r))
        after = load(previous, (p, r + 1))
        store(out, (o, r), _step(load(x, (i, r)), a, b, c, before, same, after))
        r += LANES
    for q in range(r, e):
        a, b, c = gates[0, t, q], gates[1, t, q], gates[2, t, q]
        before, same, after = previous[p, q - 1], previous[p, q], previous[p, q + 1]
        out[o, q] = _step(x[i, q], a, b, c, before, same, after)
    v, here = x[i, 0], gates[1, t, 0]
    out[o, 0] = v + here * (previous[p, 0] - v) + gates[2, t, 0] * (previous[p, 1] - v)
    v, aside = x[i, e], gates[0, t, e]
    out[o, e] = v + aside * (previous[p, e - 1] - v) + gates[1, t, e] * (previous[p, e] - v)


@jit
def _merged(line, out, weight, merge):
    if merge == 1:
        return larger_or_nan(line, out)
    return weight * line + out if merge == 3 else weight * line


@jit
def merge_line(line, out, weight, merge):
    """Put a scanned line into the output as ``merge``, a code of ``cpu``, says."""
    m = line.shape[0]
    whole = m - m % LANES
    for i in range(0, whole, LANES):
        store(out, i, _merged(load(line, i), load(out, i), load(weight, i), merge))
    for i in range(whole, m):
        out[i] = _merged(line[i], out[i], weight[i], merge)


@jit
def first_line_backward(grad, g, carried, c, dx, i, add):
    """Write to row ``i`` of ``dx``, or add to it, what arrives at the line a scan begins with."""
    for r in range(carried.shape[1]):
        here = grad[g, r] + carried[c, r]
        dx[i, r] = dx[i, r] + here if add else here


@jit_inside
def backward_line(
    x, i, gates, u, previous, p, grad, g, dx, dgates, v, carried, c, onward, add, fresh, ahead
):
    """Take one line of gradients apart: row ``g`` of ``grad`` plus row ``c`` of ``carried``.

    Writes row ``i`` of ``dx``, or adds to it; writes line ``v`` of ``dgates`` (K, T, M) where it is
    ``fresh`` and adds to it otherwise; writes what goes on to the previous line to row ``onward``
    of ``carried`` (., M). Row ``p`` of ``previous`` is that line's result, ``gates`` (K, T, M) are
    read at ``u``, ``x`` at row ``i``. Rows are named by number, because a view of one would count
    references for every line. What lies ``ahead`` rows further is asked for, unless that is 0.
    """
    m = carried.shape[1]
    one, zero = x.dtype.type(1), x.dtype.type(0)
    if gates.shape[0] == 1 or m == 1:
        middle = gates.shape[0] // 2
        for r in range(m):
            weight, h = gates[middle, u, r], grad[g, r] + carried[c, r]
            dx[i, r] = (dx[i, r] if add else zero) + (one - weight) * h
            to = zero if fresh else dgates[middle, v, r]
            dgates[middle, v, r] = to + h * (previous[p, r] - x[i, r])
            carried[onward, r] = weight * h
        if fresh and gates.shape[0] == 3:
            dgates[0, v, 0] = dgates[2, v, 0] = zero
        return
    e = m - 1
    undone = 1
    while e > LANES and undone < e:
        # From the second on, vectors begin at multiples of their size, as lines do in memory, and
        # the last ends with the line. What the one before has done counts no more where something
        # is added to.
        r = min(max(undone // LANES * LANES, 1), e - LANES)
        done = undone - r
        if ahead != 0:
            ask_to_read(grad, (g + ahead, r))
            ask_to_read(x, (i + ahead, r))
            ask_to_read(previous, (p + ahead, r))
            ask_to_read(dx, (i + ahead, r))
        h, value = load(grad, (g, r)) + load(carried, (c, r)), load(x, (i, r))
        left = lanes_from(h, done)
        ga, gb, gc = load(gates, (0, u, r)), load(gates, (1, u, r)), load(gates, (2, u, r))
        # Who hears from pixel r: r + 1 through its gate before, r - 1 through its gate after.
        after = load(grad, (g, r + 1)) + load(carried, (c, r + 1))
        before = load(grad, (g, r - 1)) + load(carried, (c, r - 1))
        sent = multiply_add(gb, h, load(gates, (2, u, r - 1)) * before)
        store(carried, (onward, r), multiply_add(load(gates, (0, u, r + 1)), after, sent))
        keep = like(h, 1.0) - ga - gb - gc
        store(dx, (i, r), multiply_add(keep, left, load(dx, (i, r))) if add else keep * h)
        for j in range(3):
            neighbour = load(previous, (p, r + j - 1)) - value
            if fresh:
                store(dgates, (j, v, r), h * neighbour)
            else:
                store(dgates, (j, v, r), multiply_add(left, neighbour, load(dgates, (j, v, r))))
        undone = r + LANES
    for q in range(undone, e):
        h, value = grad[g, q] + carried[c, q], x[i, q]
        ga, gb, gc = gates[0, u, q], gates[1, u, q], gates[2, u, q]
        after, before = grad[g, q + 1] + carried[c, q + 1], grad[g, q - 1] + carried[c, q - 1]
        carried[onward, q] = gb * h + (gates[0, u, q + 1] * after + gates[2, u, q - 1] * before)
        dx[i, q] = (dx[i, q] if add else zero) + (one - ga - gb - gc) * h
        for j in range(3):
            to = zero if fresh else dgates[j, v, q]
            dgates[j, v, q] = to + h * (previous[p, q + j - 1] - value)
    if fresh:
        for j in range(3):
            dgates[j, v, 0] = dgates[j, v, e] = zero
    first, last = grad[g, 0] + carried[c, 0], grad[g, e] + carried[c, e]
    second, before = grad[g, 1] + carried[c, 1], grad[g, e - 1] + carried[c, e - 1]
    gb, gc = gates[1, u, 0], gates[2, u, 0]
    value = x[i, 0]
    dx[i, 0] = (dx[i, 0] if add else zero) + (one - gb - gc) * first
    dgates[1, v, 0] += first * (previous[p, 0] - value)
    dgates[2, v, 0] += first * (previous[p, 1] - value)
    carried[onward, 0] = gb * first + gates[0, u, 1] * second
    ga, gb = gates[0, u, e], gates[1, u, e]
    value = x[i, e]
    dx[i, e] = (dx[i, e] if add else zero) + (one - ga - gb) * last
    dgates[0, v, e] += last * (previous[p, e - 1] - value)
    dgates[1, v, e] += last * (previous[p, e] - value)
    carried[onward, e] = gb * last + gates[2, u, e - 1] * before


@jit
def _convex_backward(a, b, c, da, db, dc):
    common = a * da + b * db + c * dc
    return (
        a * (da - common),
        b * (db - common),
        c * (dc - common),
        (a + b + c - like(a, 1.0)) * common,
    )


@jit
def normalize_line_backward(raw, t, gates, u, dgates, v, draw, w, mode):
    """Write gradients of raw gates, line ``w`` of ``draw`` (K or K + 1, T, M).

    ``dgates`` are those of the normalised gates, read at line ``v``; ``raw`` is read at ``t``.
    ``mode`` is not ``AS_IS``.
    """
    k, m = gates.shape[0], gates.shape[2]
    one, zero = gates.dtype.type(1), gates.dtype.type(0)
    begin = 0
    if mode == 2 and k == 3:
        while m >= LANES and begin < m:
            begin = min(begin, m - LANES)
            a, b, c, d = _convex_backward(
                load(gates, (0, u, begin)),
                load(gates, (1, u, begin)),
                load(gates, (2, u, begin)),
                load(dgates, (0, v, begin)),
                load(dgates, (1, v, begin)),
                load(dgates, (2, v, begin)),
            )
            store(draw, (0, w, begin), a)
            store(draw, (1, w, begin), b)
            store(draw, (2, w, begin), c)
            store(draw, (3, w, begin), d)
            begin += LANES
    for i in range(begin, m):
        common, total = zero, zero
        for j in range(k):
            common += gates[j, u, i] * dgates[j, v, i]
            total += gates[j, u, i] if mode == 2 else abs(raw[j, t, i])
        for j in range(k):
            d = dgates[j, v, i]
            if mode == 2:
                draw[j, w, i] = gates[j, u, i] * (d - common)
            elif total <= one:
                draw[j, w, i] = d
            else:
                value = raw[j, t, i]
                sign = one if value > zero else (-one if value < zero else zero)
                draw[j, w, i] = (d - sign * common) / total
        if mode == 2:
            draw[k, w, i] = (total - one) * common
