"""Writes to the pixel maps that are no brush strokes: fill, accept, import, remove.

Each takes a `PlaneEdit`, works tile by tile so that memory follows what changes, keeps the pixels
of locked labels, and returns the rectangle around what it wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping

import numpy as np

from spn_annotator.annotation.geometry import Rect
from spn_annotator.annotation.planes import OBJECT, ROUGH, SURE, PlaneEdit, Tile, TileArrays
from spn_annotator.annotation.proposal import Proposal, bounds
from spn_annotator.annotation.strokes import StrokeKind

# Given a tile's rectangle and its three maps: what the maps should be (None: as they are).
_Wanted = Callable[[Tile, Rect, TileArrays], TileArrays | None]


def fill(
    edit: PlaneEdit, mask: np.ndarray, where: Rect, *, object_id: int, kind: StrokeKind
) -> Rect:
    """Paint the true pixels of a mask that lies at ``where`` (inside the image), as a stroke."""
    mark = np.uint16(object_id + 1)
    none = np.uint16(0)

    def wanted(_: Tile, rect: Rect, maps: TileArrays) -> TileArrays | None:
        part = rect.intersection(where)
        inside = np.zeros((rect.height, rect.width), dtype=bool)
        inside[shifted(part, rect).slices] = mask[shifted(part, where).slices]
        if not inside.any():
            return None
        return (
            np.where(inside, np.uint16(object_id), maps[OBJECT]),
            np.where(inside, mark if kind == "rough" else none, maps[ROUGH]),
            np.where(inside, mark if kind == "sure" else none, maps[SURE]),
        )

    return _write(edit, wanted, where)


def accept(
    edit: PlaneEdit,
    proposal: Proposal,
    *,
    may_grow: Container[int],
    inside: tuple[Rect, np.ndarray] | None = None,
) -> Rect:
    """Take a proposal over into the object map; strokes stay as they are.

    Sure pixels, pixels painted since the proposal was computed, and locked labels win over it.
    ``may_grow`` holds the ids that may get pixels, 0 among them. With ``inside``, a rectangle of
    the image and the mask of its size, only true pixels are taken over.
    """
    where = proposal.rect if inside is None else proposal.rect.intersection(inside[0])
    if where.is_empty:
        return Rect.empty()
    # Elsewhere the map differs from it only by what was painted since, which wins anyway.
    tiles = [tile for tile in edit.planes.tiles(where) if tile in proposal.tiles]
    written = Rect.empty()
    if inside is None and proposal.keeps_sure:
        # Where nothing stands against it the difference is known already: no pixel is looked at.
        plain = [
            tile
            for tile in tiles
            if tile not in proposal.base
            and all(value in may_grow for value in proposal.tiles[tile].ids)
        ]
        tiles = [*set(tiles).difference(plain)]
        try:
            for tile in plain:
                edit.take(proposal.tiles[tile].patch)
                written = written.union(edit.planes.tile_rect(tile))
        except BaseException:
            edit.restore()
            raise

    def wanted(tile: Tile, rect: Rect, maps: TileArrays) -> TileArrays | None:
        new = acceptable(proposal, tile, maps, may_grow=may_grow)
        if inside is not None:
            part = rect.intersection(inside[0])
            taken = np.zeros(new.shape, dtype=bool)
            taken[shifted(part, rect).slices] = inside[1][shifted(part, inside[0]).slices]
            new = np.where(taken, new, maps[OBJECT])
        if np.array_equal(new, maps[OBJECT]):
            return None
        return new.astype(np.uint16, copy=False), maps[ROUGH], maps[SURE]

    rect = written.intersection(where)
    return rect.union(_write(edit, wanted, tiles=tiles))


def acceptable(
    proposal: Proposal, tile: Tile, maps: TileArrays, *, may_grow: Container[int]
) -> np.ndarray:
    """Return what accepting a proposal would make of a tile.

    Parameters
    ----------
    proposal : Proposal
    tile : (int, int)
        One in which it differs.
    maps : (np.ndarray, np.ndarray, np.ndarray)
        The maps of the tile.
    may_grow : container of int
        The ids that may get pixels, 0 among them.

    Returns
    -------
    np.ndarray
        ``(height, width)`` uint16 ids, not to be written to.
    """
    new = proposal.resolved(tile, maps)
    kept_out = {value for value in proposal.tiles[tile].ids if value not in may_grow}
    if kept_out:
        stays = _is_one_of(new, kept_out) | _is_one_of(maps[OBJECT], kept_out)
        new = np.where(stays, maps[OBJECT], new)
    sure = maps[SURE]
    return np.where(sure > 0, sure - np.uint16(1), new) if sure.any() else new


def replace_map(edit: PlaneEdit, object_map: np.ndarray) -> Rect:
    """Make the object map another one and clear all strokes: they spoke of the former map."""

    def wanted(_: Tile, rect: Rect, maps: TileArrays) -> TileArrays:
        new = object_map[rect.slices].astype(np.uint16, copy=False)
        return new, np.zeros_like(maps[ROUGH]), np.zeros_like(maps[SURE])

    return _write(edit, wanted, None)


def redraw(
    edit: PlaneEdit,
    where: Rect,
    object_id: int,
    *,
    gain: np.ndarray | None = None,
    lose: np.ndarray | None = None,
) -> Rect:
    """Give an object pixels and take some away, but none that are marked as sure.

    ``gain`` and ``lose`` are masks that lie at ``where``; strokes stay.
    """

    def wanted(tile: Tile, rect: Rect, maps: TileArrays) -> TileArrays | None:
        part = rect.intersection(where)
        place, origin = shifted(part, rect).slices, shifted(part, where).slices
        parts = [
            (np.uint16(value), mask[origin])
            for value, mask in ((object_id, gain), (0, lose))
            if mask is not None and mask[origin].any()
        ]
        if not parts:
            return None
        new = maps[OBJECT].copy()
        free = maps[SURE][place] == 0 if edit.planes.stroked[tile] else np.True_
        for value, mask in parts:
            np.copyto(new[place], value, where=mask & free)
        return new, maps[ROUGH], maps[SURE]

    return Rect.empty() if where.is_empty else _write(edit, wanted, where)


def renumber(edit: PlaneEdit, where: Rect, object_id: int, numbers: np.ndarray) -> Rect:
    """Give the pixels of an object, with its strokes on them, the ids of a map at ``where``."""

    def wanted(tile: Tile, rect: Rect, maps: TileArrays) -> TileArrays | None:
        part = rect.intersection(where)
        place = shifted(part, rect).slices
        new_ids = numbers[shifted(part, where).slices]
        own = maps[OBJECT][place] == object_id
        if not own.any():
            return None
        objects = maps[OBJECT].copy()
        np.copyto(objects[place], new_ids, where=own)
        if not edit.planes.stroked[tile]:
            return objects, maps[ROUGH], maps[SURE]
        rough, sure = maps[ROUGH].copy(), maps[SURE].copy()
        for plane in (rough, sure):
            marked = own & (plane[place] == object_id + 1)
            np.copyto(plane[place], new_ids + np.uint16(1), where=marked)
        return objects, rough, sure

    return Rect.empty() if where.is_empty else _write(edit, wanted, where)


def rename_objects(edit: PlaneEdit, new_ids: Mapping[int, int], *, tiles: Iterable[Tile]) -> Rect:
    """Give the pixels and strokes of objects other ids; they lie in these tiles."""
    table = np.arange(65_536, dtype=np.uint16)
    marks = table.copy()
    for old, new in new_ids.items():
        table[old] = new
        marks[old + 1] = new + 1

    def wanted(tile: Tile, _: Rect, maps: TileArrays) -> TileArrays | None:
        if not edit.planes.stroked[tile]:
            return table[maps[OBJECT]], maps[ROUGH], maps[SURE]
        return table[maps[OBJECT]], marks[maps[ROUGH]], marks[maps[SURE]]

    return _write(edit, wanted, tiles=tiles)


def clear_objects(edit: PlaneEdit, object_ids: set[int], *, tiles: Iterable[Tile]) -> Rect:
    """Take every pixel and stroke of these objects out; they lie in these tiles."""
    marks = {object_id + 1 for object_id in object_ids}
    none = np.uint16(0)

    def without(view: np.ndarray, values: set[int]) -> np.ndarray:
        gone = _is_one_of(view, values)
        return np.where(gone, none, view) if gone.any() else view

    def wanted(tile: Tile, _: Rect, maps: TileArrays) -> TileArrays | None:
        cleared = without(maps[OBJECT], object_ids)
        if not edit.planes.stroked[tile]:
            return cleared, maps[ROUGH], maps[SURE]
        return cleared, without(maps[ROUGH], marks), without(maps[SURE], marks)

    return _write(edit, wanted, tiles=tiles)


def clear_strokes(edit: PlaneEdit, where: Rect, *, kinds: tuple[StrokeKind, ...]) -> Rect:
    """Take the strokes of these kinds out of a rectangle; the object map stays."""
    none = np.uint16(0)

    def wanted(_: Tile, rect: Rect, maps: TileArrays) -> TileArrays | None:
        inside = np.zeros((rect.height, rect.width), dtype=bool)
        inside[shifted(rect.intersection(where), rect).slices] = True
        rough = np.where(inside, none, maps[ROUGH]) if "rough" in kinds else maps[ROUGH]
        sure = np.where(inside, none, maps[SURE]) if "sure" in kinds else maps[SURE]
        return maps[OBJECT], rough, sure

    return _write(edit, wanted, where)


def _write(
    edit: PlaneEdit,
    wanted: _Wanted,
    where: Rect | None = None,
    *,
    tiles: Iterable[Tile] | None = None,
) -> Rect:
    """Write what is wanted, tile by tile; all of it or, out of memory for one, nothing.

    Only these tiles are looked at, or those that touch ``where`` (None: all).
    """
    try:
        written = Rect.empty()
        for tile in edit.planes.tiles(where) if tiles is None else tiles:
            written = written.union(_write_tile(edit, wanted, tile))
        return written
    except BaseException:
        edit.restore()
        raise


def _write_tile(edit: PlaneEdit, wanted: _Wanted, tile: Tile) -> Rect:
    rect = edit.planes.tile_rect(tile)
    views = edit.planes.views(tile)
    new = wanted(tile, rect, views)
    if new is None:
        return Rect.empty()
    differs = np.zeros((rect.height, rect.width), dtype=bool)
    written: list[tuple[np.ndarray, np.ndarray]] = []
    for view, values in zip(views, new, strict=True):
        if view is not values:
            places = view != values
            if places.any():
                written.append((view, values))
                differs |= places
    if not written:
        return Rect.empty()
    edit.touch(tile)
    for view, values in written:  # and no more: a map that nobody wrote to takes no memory
        np.copyto(view, values)
    edit.restore_locked(tile)
    return bounds(differs, rect)


def _is_one_of(values: np.ndarray, wanted: set[int]) -> np.ndarray:
    if len(wanted) > 8:  # from here on a table is faster
        table = np.zeros(65_536, dtype=bool)
        table[list(wanted)] = True
        return table[values]
    found = np.zeros(values.shape, dtype=bool)
    for value in wanted:
        found |= values == value
    return found


def shifted(rect: Rect, origin: Rect) -> Rect:
    """Return ``rect`` as seen from the corner of ``origin``."""
    return Rect(rect.x0 - origin.x0, rect.y0 - origin.y0, rect.x1 - origin.x0, rect.y1 - origin.y0)
