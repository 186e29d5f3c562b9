"""Objects: single instances of a label."""

from __future__ import annotations

from dataclasses import dataclass

from spn_annotator.errors import UsageError

# Stroke maps hold id + 1 in 16 bits, and 65535 means "free" to the refiner.
MAX_OBJECT_ID = 65_534


@dataclass(frozen=True, slots=True)
class AnnotatedObject:
    """One instance of a label in one image.

    Parameters
    ----------
    id : int
        1 to 65,534; the value of its pixels in the object map.
    label_id : int
        Which label it is an instance of.
    name : str
        What the user calls it; may be empty.
    """

    id: int
    label_id: int
    name: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.id <= MAX_OBJECT_ID:
            raise UsageError(f"object ids run from 1 to {MAX_OBJECT_ID}, got {self.id}")
