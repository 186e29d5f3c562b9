"""Coarse masks made from exact ones, the way people and networks get them wrong.

Five kinds: an object's outline displaced (``perturbed``), painted with a round brush (``brush``),
returned by a network of low resolution (``lowres``), a few strokes with all else unknown
(``scribbles``), and what is right already or almost (``near``). Everything is drawn from the
generator that is passed in.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from spn_annotator.cv import cv2

Mask = npt.NDArray[np.bool_]
Coarse = npt.NDArray[np.int8]
Rng = np.random.Generator


def _iou(a: Mask, b: Mask) -> float:
    return float(np.count_nonzero(a & b) / max(1, np.count_nonzero(a | b)))


def _ellipse(radius: int) -> npt.NDArray[np.uint8]:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))


def smooth_noise(shape: tuple[int, int], cells: int, rng: Rng) -> npt.NDArray[np.float32]:
    """Return a smooth random field (H, W) of about unit variance with ``cells`` knots a side."""
    knots = rng.normal(size=(cells, cells)).astype(np.float32)
    height, width = shape
    return cv2.resize(knots, (width, height), interpolation=cv2.INTER_CUBIC)


def signed_distance(mask: Mask) -> npt.NDArray[np.float32]:
    """Return the distance in pixels to the outline, positive inside."""
    inside = mask.astype(np.uint8)
    return cv2.distanceTransform(inside, cv2.DIST_L2, 3) - cv2.distanceTransform(
        1 - inside, cv2.DIST_L2, 3
    )


def _polygon(mask: Mask, rng: Rng) -> Mask:
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    every = rng.uniform(4, 16)
    corners = []
    for contour in contours:
        if len(contour) >= 12:
            count = max(4, int(len(contour) / every))
            corners.append(contour[np.sort(rng.choice(len(contour), count, replace=False))])
    if not corners:
        return mask
    out = np.zeros(mask.shape, np.uint8)
    cv2.fillPoly(out, corners, 1)
    return out.astype(bool)


def _displaced(mask: Mask, target: float, truth: Mask, rng: Rng) -> Mask:
    """Move the outline by a smooth field, as far as the IoU to the truth asks for."""
    distance = signed_distance(mask)
    field = sum(
        smooth_noise(mask.shape, int(cells), rng) * weight
        for cells, weight in zip(rng.integers(4, 33, 3), rng.dirichlet((1, 1, 1)), strict=True)
    )
    field = field + rng.normal(0, 0.35)
    low, high = 0.0, 0.25 * max(mask.shape)
    for _ in range(6):
        middle = 0.5 * (low + high)
        if _iou(distance + middle * field > 0, truth) > target:
            low = middle
        else:
            high = middle
    return distance + 0.5 * (low + high) * field > 0


def _chewed(mask: Mask, target: float, truth: Mask, rng: Rng) -> Mask:
    """Dilate and erode inside random rectangles until the IoU to the truth falls to the target."""
    out = mask.astype(np.uint8)
    height, width = mask.shape
    longest = max(10, min(height, width) // 4)
    for _ in range(40):
        for _ in range(6):
            h, w = (int(v) for v in rng.integers(6, longest, 2))
            y, x = int(rng.integers(0, max(1, height - h))), int(rng.integers(0, max(1, width - w)))
            view = out[y : y + h, x : x + w]
            if rng.random() < 0.25:
                view[h // 2, w // 2] = rng.integers(0, 2)
            if view.min() == view.max():
                continue
            size = int(rng.integers(3, 10))
            shape = cv2.MORPH_RECT if rng.random() < 0.5 else cv2.MORPH_ELLIPSE
            kernel = cv2.getStructuringElement(shape, (size, size))
            change = cv2.dilate if rng.random() < 0.5 else cv2.erode
            out[y : y + h, x : x + w] = change(view, kernel)
        if _iou(out > 0, truth) < target:
            break
    return out > 0


def perturbed(mask: Mask, rng: Rng) -> Coarse:
    """Return the mask with its outline polygonised, displaced or chewed, fully known."""
    target = rng.uniform(0.7, 0.98)
    out = _polygon(mask, rng) if rng.random() < 0.6 else mask
    if _iou(out, mask) > target:
        worse = _chewed if rng.random() < 0.5 else _displaced
        out = worse(out, target, mask, rng)
    return _known(out)


def near(mask: Mask, rng: Rng) -> Coarse:
    """Return the mask itself or with its outline displaced a little, fully known."""
    target = rng.uniform(0.93, 1.02)
    return _known(_displaced(mask, target, mask, rng) if target < 0.99 and mask.any() else mask)


def _known(mask: Mask) -> Coarse:
    return np.where(mask, np.int8(1), np.int8(-1))


def brush(mask: Mask, rng: Rng) -> Coarse:
    """Return what a round brush paints that follows the middle of the object, fully known."""
    out = np.zeros(mask.shape, np.uint8)
    if not mask.any():
        return _known(out > 0)
    inside = np.pad(mask.astype(np.uint8), 1)
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 3)[1:-1, 1:-1]
    # Ridge of the distance: no neighbour is deeper by more than a little.
    ridge = (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)) - 0.35) & (depth > 1.5)
    ys, xs = np.nonzero(ridge if ridge.any() else mask)
    radius = max(2.0, max(mask.shape) * rng.uniform(0.012, 0.03))
    low, high = np.sort(rng.uniform(0.65, 1.25, 2))
    for i in rng.permutation(len(ys))[: max(6, len(ys) // int(rng.integers(4, 9)))]:
        size = max(radius * 0.5, depth[ys[i], xs[i]] * rng.uniform(low, high))
        shift = rng.normal(0, radius * 0.3, 2)
        center = (int(xs[i] + shift[0]), int(ys[i] + shift[1]))
        cv2.circle(out, center, int(size), 1, -1)
    return _known(out > 0)


def lowres(mask: Mask, rng: Rng) -> Coarse:
    """Return what a network with a stride of 8 to 16 pixels would say, slightly warped."""
    height, width = mask.shape
    factor = rng.uniform(6, 18)
    small = (max(2, round(width / factor)), max(2, round(height / factor)))
    soft = cv2.resize(mask.astype(np.float32), small, interpolation=cv2.INTER_AREA)
    soft = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    amplitude = rng.uniform(0.0, 0.016) * max(height, width)
    gx, gy = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    knots = int(rng.integers(4, 8))
    dx, dy = (smooth_noise(mask.shape, knots, rng) * amplitude for _ in range(2))
    warped = cv2.remap(soft, gx + dx, gy + dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    # Among several labels an object may win with less than half, or lose with more.
    return _known(warped > rng.uniform(0.35, 0.6))


def _strokes(region: Mask, count: int, thickness: int, rng: Rng) -> Mask:
    """Return thin lines inside the region, between points far from its outline."""
    inside = np.pad(region.astype(np.uint8), 1)
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 3)[1:-1, 1:-1]
    ys, xs = np.nonzero(depth > 0.45 * depth.max())
    out = np.zeros(region.shape, np.uint8)
    if len(ys) < 2:
        return out > 0
    for _ in range(count):
        a, b = rng.choice(len(ys), 2)
        points = [(xs[a], ys[a]), (xs[b], ys[b])]
        if rng.random() < 0.4:  # a bend, as hands make
            c = rng.choice(len(ys))
            points.insert(1, (xs[c], ys[c]))
        line = np.array(points, np.int32).reshape(-1, 1, 2)
        cv2.polylines(out, [line], False, 1, thickness)
    return (out > 0) & region


def scribbles(labels: npt.NDArray[np.uint8], mask: Mask, rng: Rng) -> Coarse:
    """Return one or two thin strokes a label, those on ``mask`` positive, all else unknown.

    Parameters
    ----------
    labels : (H, W) uint8
        All labels of the image, 255 = ignore: others get strokes too.
    """
    out = np.zeros(labels.shape, np.int8)
    thickness = max(1, round(max(labels.shape) * rng.uniform(0.004, 0.012)))
    for value in np.flatnonzero(np.bincount(labels.ravel(), minlength=256)[:255]):
        same = (labels == value).astype(np.uint8)
        # All within boxes, of the label and then of its part: the rest of the image has no say.
        left, top, width, height = cv2.boundingRect(same)
        around = (slice(top, top + height), slice(left, left + width))
        n, parts, stats, _ = cv2.connectedComponentsWithStats(same[around])
        order = np.argsort(-stats[1:n, cv2.CC_STAT_AREA])[:3] + 1
        for part in order:
            x, y, width, height, area = stats[part]
            if area < max(30, 0.0008 * labels.size):
                continue
            box = (slice(y, y + height), slice(x, x + width))
            count = 1 + int(area > 0.15 * labels.size) + int(rng.random() < 0.2)
            drawn = _strokes(parts[box] == part, count, thickness, rng)
            inside = mask[around][box]
            out[around][box][drawn & inside] = 1
            out[around][box][drawn & ~inside] = -1
    return out


KINDS: dict[str, Callable[[npt.NDArray[np.uint8], Mask, Rng], Coarse]] = {
    "perturbed": lambda _, mask, rng: perturbed(mask, rng),
    "brush": lambda _, mask, rng: brush(mask, rng),
    "lowres": lambda _, mask, rng: lowres(mask, rng),
    "scribbles": scribbles,
    "near": lambda _, mask, rng: near(mask, rng),
}


def correction(truth: Mask, guess: Mask, valid: Mask, rng: Rng) -> Coarse:
    """Return a sure stroke where the guess is most wrong: a disc or a short line; 0 elsewhere."""
    out = np.zeros(truth.shape, np.int8)
    wrong = ((truth != guess) & valid).astype(np.uint8)
    n, parts, stats, _ = cv2.connectedComponentsWithStats(wrong)
    if n < 2:
        return out
    part = int(np.argmax(stats[1:, cv2.CC_STAT_AREA])) + 1
    region = parts == part
    depth = cv2.distanceTransform(np.pad(region.astype(np.uint8), 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    y, x = (int(v) for v in np.unravel_index(int(np.argmax(depth)), depth.shape))
    drawn = np.zeros(truth.shape, np.uint8)
    cv2.circle(drawn, (x, y), max(1, int(depth[y, x] * rng.uniform(0.4, 1.0))), 1, -1)
    if rng.random() < 0.5:
        drawn |= _strokes(region, 1, max(1, int(depth[y, x] * 0.5)), rng).astype(np.uint8)
    # A sure stroke is true: what of it lies across the outline is not painted.
    value = np.int8(1 if truth[y, x] else -1)
    out[(drawn > 0) & (truth == truth[y, x]) & valid] = value
    return out
