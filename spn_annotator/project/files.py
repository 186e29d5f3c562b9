"""The file of an image: where it lies, its size, and whether it is the one that was annotated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from spn_annotator.errors import FileReadError, FormatError, MaskSizeError
from spn_annotator.formats.images import IMAGE_SUFFIXES
from spn_annotator.project import store
from spn_annotator.project.fingerprints import Fingerprint
from spn_annotator.project.locations import inside, stored_path
from spn_annotator.project.pages import size_of
from spn_annotator.project.records import ImageRecord
from spn_annotator.project.reviewing import ReviewedCatalogue


class FileCatalogue(ReviewedCatalogue):
    """Knows the files of the images; what it offers is for the catalogues built on it."""

    def _shape_of_file(self, record: ImageRecord) -> tuple[int, int]:
        """Return height and width of an image; an error if it has gone or does not fit."""
        path = self.image_path(record.id)
        if not path.exists():
            raise FileReadError(
                "the image is missing; its annotations are kept",
                path=path,
                remedy="Put the file back, or show the program where it is now",
            )
        size = size_of(path, record.page)
        self._check_size(record, path, size)
        status = path.stat()
        self._seen[record.id] = (status.st_size, status.st_mtime_ns)
        return size[1], size[0]

    def _note_file(self, record: ImageRecord, shape: tuple[int, int]) -> None:
        """Note size of an image that was loaded, and whether it is the one that was annotated."""
        changed = record.changed
        if record.saved:
            with self._database.reading() as connection:
                fingerprint = store.read_fingerprint(connection, record.id)
            try:
                if fingerprint is not None:
                    self._with_fingerprint.add(record.id)
                    changed = not fingerprint.is_same(self.image_path(record.id))
            except OSError:
                pass  # it has gone at this moment; the next look tells
        self._images[record.id] = replace(
            record, width=shape[1], height=shape[0], missing=False, changed=changed
        )

    def _fingerprint_to_store(self, image_id: int) -> Fingerprint | None:
        """Return which file was annotated, None if that is stored already or cannot be told."""
        if image_id in self._with_fingerprint:
            return None
        seen = self._seen.get(image_id)
        try:
            now = Fingerprint.of(self.image_path(image_id))
        except (FormatError, OSError):
            return None
        if seen is not None and seen != (now.size, now.time):
            return Fingerprint(*seen, "")  # replaced since it was loaded: like no file there is
        return now

    def _stored(self, path: Path) -> tuple[str, bool]:
        if path.suffix.lower() not in IMAGE_SUFFIXES:
            raise FileReadError("is no image by its name", path=path, remedy="Name an image")
        stored, is_outside = stored_path(self.folder, path)
        if not is_outside:
            inside(self.folder, stored)
        return stored, is_outside

    def _check_size(self, record: ImageRecord, path: Path, size: tuple[int, int]) -> None:
        if (record.saved or record.proposed) and size != (record.width, record.height):
            raise MaskSizeError(
                f"the image is {size[0]} x {size[1]} pixels, its annotations are "
                f"{record.width} x {record.height}; they are kept",
                path=path,
                remedy="Put back the image that was annotated, or give the new one another name",
            )
