"""Which image of a project an image of a data set is: by its file, its name and what it shows."""

from __future__ import annotations

import filecmp
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

import numpy as np

from spn_annotator.cv import cv2
from spn_annotator.errors import FileReadError, SpnAnnotatorError, UsageError
from spn_annotator.formats.codec import ExportItem
from spn_annotator.formats.images import count_pages, read_image, read_size
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.names import safe_stem
from spn_annotator.formats.report import REPORT_NAME
from spn_annotator.formats.structured import read_json
from spn_annotator.project.exporting import export_name
from spn_annotator.project.project import Project
from spn_annotator.project.records import ImageRecord

WRITTEN_ANEW = (
    "the picture of the data set was written anew by some program; "
    "the project's own one shows the same and is used"
)
# Hard pictures as JPEG of quality 50 with halved colours: means of 8 x 8 grey pixels were 2 off, of
# 16 x 16 coloured ones 5, and the mean squared difference was 0.7 % of the variance.
_GREY_BLOCK, _GREY_OFF = 8, 6.0
_COLOR_BLOCK, _COLOR_OFF = 16, 12.0
_NOISE = 2.0, 0.02  # mean squared difference: in grey levels, and as a part of the variance
_MOST_LOOKED_AT = 32  # images of one name whose pixels are compared


class ImageFinder:
    """Finds images of a project.

    Parameters
    ----------
    project : Project
        Scanned.
    renamed : mapping of str to str
        Names of images by what an export called their files.
    """

    def __init__(self, project: Project, renamed: Mapping[str, str]) -> None:
        self._project = project
        self._renamed = renamed
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for record in project.images():
            self.index(record)

    def index(self, record: ImageRecord) -> None:
        """Take an image in."""
        name = export_name(record)
        pure = PurePosixPath(name)
        for key in dict.fromkeys((pure.name, pure.stem, safe_stem(name))):
            self._by_name[key].append(record.id)

    def of_picture(self, path: Path, item: ExportItem) -> tuple[ImageRecord | None, str]:
        """Return the image that a picture is, None if the project has none such.

        It is the very file, a copy of it under the same name, or a picture of the same stem that
        shows the same: formats that want JPEG get one from a PNG.

        Parameters
        ----------
        path : Path
            The picture.
        item : ExportItem
            Whose it is.

        Returns
        -------
        ImageRecord or None
        str
            What there is to say about it, empty if nothing.
        """
        record = self._project.find(path.absolute(), page=item.page)
        if record is not None:
            return record, ""
        single = count_pages(path) == 1
        found = list(self._candidates(item))
        for record in found:
            same_page = record.page == item.page
            if same_page and _is_copy(path, self._project.image_path(record.id)):
                return record, ""
        for record in found[:_MOST_LOOKED_AT] if single else ():
            if self._shows(record, path):
                return record, WRITTEN_ANEW
        return None, ""

    def named(self, item: ExportItem) -> ImageRecord:
        """Return the image that has the name of an item which comes without a picture.

        Raises
        ------
        UsageError
            Several have it.
        FileReadError
            None has it.
        """
        name = self._renamed.get(PurePosixPath(item.name).stem, item.name)
        for wanted in (item.name, name):
            record = self._project.find(wanted)
            if record is not None:
                return record
        for key in _keys((item.name, name)):
            found = self._by_name.get(key, [])
            if len(set(found)) > 1:
                raise UsageError(f"several images of the project are called {key}")
            if found:
                return self._project.image(found[0])
        raise FileReadError(
            "its picture is neither in the data set nor in the project",
            remedy="Copy the picture into the project's folder",
        )

    def _candidates(self, item: ExportItem) -> Iterator[ImageRecord]:
        renamed = self._renamed.get(PurePosixPath(item.name).stem)
        names = [item.name] if renamed is None else [renamed, item.name]
        found = [number for key in _keys(names) for number in self._by_name.get(key, ())]
        for number in dict.fromkeys(found):
            yield self._project.image(number)

    def _shows(self, record: ImageRecord, path: Path) -> bool:
        try:
            own = self._project.image_path(record.id)
            if not record.page and read_size(own) != read_size(path):
                return False
            return same_picture(read_image(own, page=record.page), read_image(path))
        except SpnAnnotatorError:
            return False  # one of them cannot be read; whoever needs it says why


def same_picture(one: np.ndarray, two: np.ndarray) -> bool:
    """Return whether two pictures differ by no more than what lossy compression does.

    Parameters
    ----------
    one, two : (H, W, 3) uint8 arrays
        Two moments of a scene in which something has moved are not the same: each block of pixels
        must have the same mean.
    """
    if one.shape != two.shape:
        return False
    if _means_differ(one, two, _COLOR_BLOCK) > _COLOR_OFF:
        return False
    grey = [cv2.cvtColor(item, cv2.COLOR_RGB2GRAY) for item in (one, two)]
    if _means_differ(grey[0], grey[1], _GREY_BLOCK) > _GREY_OFF:
        return False
    step = max(1, round((grey[0].size / 1_000_000) ** 0.5))
    few, others = (item[::step, ::step].astype(np.float32) for item in grey)
    return float(np.square(few - others).mean()) <= _NOISE[0] + _NOISE[1] * float(few.var())


def _means_differ(one: np.ndarray, two: np.ndarray, side: int) -> int:
    """Return by how many grey levels the means of blocks differ at most."""
    height, width = one.shape[:2]
    size = max(1, width // side), max(1, height // side)
    means = [cv2.resize(item, size, interpolation=cv2.INTER_AREA) for item in (one, two)]
    return int(np.abs(means[0].astype(np.int16) - means[1]).max())


def renamed_by_export(source: Path) -> dict[str, str]:
    """Return the names of images by their stems in an export, as its report tells them.

    Parameters
    ----------
    source : Path
        The folder of a data set; the report lies in it or, of several formats, above it.
    """
    for folder in (source, source.parent):
        path = folder / REPORT_NAME
        if not path.is_file():
            continue
        try:
            content = read_json(path, Limits(file_bytes=100_000_000))
        except SpnAnnotatorError:
            continue  # a help for the search, no part of the data set
        renamed = content.get("renamed") if isinstance(content, dict) else None
        pairs = renamed.items() if isinstance(renamed, dict) else ()
        return {stem: name for name, stem in pairs if isinstance(stem, str)}
    return {}


def _keys(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        pure = PurePosixPath(name)
        yield from (pure.name, pure.stem, safe_stem(name))


def _is_copy(one: Path, two: Path) -> bool:
    try:
        return filecmp.cmp(one, two, shallow=False)
    except OSError:
        return False
