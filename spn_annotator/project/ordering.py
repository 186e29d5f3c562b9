"""Filtering and sorting the images of a project, quick with a hundred thousand of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from spn_annotator.project.records import ImageRecord, Status

Order = Literal["name", "status", "confidence", "size"]
"""``"name"`` as people count (``a2`` before ``a10``), ``"status"`` from to do to rejected,
``"confidence"`` of the proposal, least first, ``"size"`` in pixels. Equal ones follow by name."""

_STATUS_PLACES = {status: place for place, status in enumerate(Status)}
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageQuery:
    """Which images, and in which order; everything that is given must hold.

    Parameters
    ----------
    statuses : collection of Status, optional
        One of these.
    text : str, optional
        Somewhere in the path; upper and lower case are the same.
    label_id : int, optional
        A stored object has this label.
    missing, changed, saved, commented, proposed : bool, optional
        Whether the file has gone; is another one than was annotated; annotations are stored; there
        is a comment; a proposal is stored.
    order : {"name", "status", "confidence", "size"}
        Images without a value (no proposal, size not known yet) come last, in both directions.
    descending : bool
        The other way round.
    """

    statuses: frozenset[Status] | tuple[Status, ...] | None = None
    text: str = ""
    label_id: int | None = None
    missing: bool | None = None
    changed: bool | None = None
    saved: bool | None = None
    commented: bool | None = None
    proposed: bool | None = None
    order: Order = "name"
    descending: bool = False


def sort_key(path: str) -> str:
    """Return a text that sorts as people count: ``img2`` before ``img10``.

    Each run of digits becomes its length and the digits, so texts compare as numbers would.
    """
    return _DIGITS.sub(_number, path.casefold())


def _number(match: re.Match[str]) -> str:
    digits = match[0].lstrip("0")
    return f"\x01{chr(33 + len(digits))}{digits}"


def chosen(
    query: ImageQuery,
    records: Iterable[ImageRecord],
    *,
    within: Iterable[set[int]] = (),
) -> list[ImageRecord]:
    """Return the records that a query names, in its order.

    Parameters
    ----------
    query : ImageQuery
    records : iterable of ImageRecord
        In order of their names.
    within : iterable of set of int
        Ids that are let through, by what is not in the records (labels, comments).
    """
    found: Iterable[ImageRecord] = records
    for ids in within:
        found = [item for item in found if item.id in ids]
    if query.statuses is not None:
        wanted = frozenset(query.statuses)
        found = [item for item in found if item.status in wanted]
    if query.text:
        text = query.text.casefold()
        found = [item for item in found if text in item.path.casefold()]
    if query.missing is not None:
        found = [item for item in found if item.missing is query.missing]
    if query.changed is not None:
        found = [item for item in found if item.changed is query.changed]
    if query.saved is not None:
        found = [item for item in found if item.saved is query.saved]
    if query.proposed is not None:
        found = [item for item in found if item.proposed is query.proposed]
    return ordered(found, order=query.order, descending=query.descending)


def ordered(
    records: Iterable[ImageRecord], *, order: Order, descending: bool = False
) -> list[ImageRecord]:
    """Sort records that come in order of their names; see `ImageQuery`."""
    found = list(records)
    if order == "name":
        if descending:
            found.reverse()
        return found
    known: list[ImageRecord] = found
    unknown: list[ImageRecord] = []
    value: Callable[[ImageRecord], float]
    if order == "status":
        value = _by_status
    elif order == "confidence":
        known = [item for item in found if item.confidence is not None]
        unknown = [item for item in found if item.confidence is None]
        value = _by_confidence
    else:
        known = [item for item in found if item.width]
        unknown = [item for item in found if not item.width]
        value = _by_size
    # Python's sort is stable in reverse too: equal ones stay in order of their names.
    known.sort(key=value, reverse=descending)
    return known + unknown


def _by_status(record: ImageRecord) -> float:
    return _STATUS_PLACES[record.status]


def _by_confidence(record: ImageRecord) -> float:
    return -1.0 if record.confidence is None else record.confidence


def _by_size(record: ImageRecord) -> float:
    return record.width * record.height
