"""The images of a project, their statuses, and its labels."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from spn_annotator.annotation import LabelSet
from spn_annotator.errors import FormatError, SaveError, UsageError
from spn_annotator.formats.images import list_images, natural_key
from spn_annotator.project import store
from spn_annotator.project.database import Database
from spn_annotator.project.locations import inside
from spn_annotator.project.lock import LockHolder, ProjectLock
from spn_annotator.project.records import ImageRecord, Status


class Catalogue:
    """The catalogue of an open project: its images, their statuses, its labels.

    Parameters
    ----------
    folder : Path
    database : Database
    lock : ProjectLock or None
    read_only_reason : str or None
        Why nothing can be saved, None if it can.
    """

    def __init__(
        self,
        folder: Path,
        database: Database,
        *,
        lock: ProjectLock | None,
        read_only_reason: str | None,
    ) -> None:
        self.folder = folder
        self.read_only_reason = read_only_reason
        self.left_by: LockHolder | None = None if lock is None else lock.left_by
        self.refused: tuple[Path, ...] = ()
        self._database = database
        self._lock = lock
        self._mutex = threading.RLock()
        self._order: list[int] | None = None  # image ids sorted, made when asked for
        try:
            with database.reading() as connection:
                self._labels = store.read_labels(connection)
                self._images = {item.id: item for item in store.read_images(connection)}
        except (UsageError, ValueError, TypeError) as error:
            raise self._damaged(str(error)) from error

    # -- the catalogue ---------------------------------------------------------------------------

    @property
    def path(self) -> Path:
        """The project file."""
        return self._database.path

    @property
    def read_only(self) -> bool:
        """Whether nothing can be saved; see `read_only_reason`."""
        return self.read_only_reason is not None

    @property
    def labels(self) -> LabelSet:
        """The labels of the project, frozen; see `save_labels`."""
        return self._labels

    def images(self) -> list[ImageRecord]:
        """Return all images in natural order of their paths, missing ones too."""
        images = list(self._images.values())  # at once: does not wait for a save on its way
        if self._order is None or len(self._order) != len(images):
            images.sort(key=lambda item: natural_key(item.path))
            self._order = [item.id for item in images]
        return [self._images[image_id] for image_id in self._order]

    def image(self, image_id: int) -> ImageRecord:
        """Return one image; UsageError if there is none with that id."""
        try:
            return self._images[image_id]
        except KeyError:
            raise UsageError(f"the project has no image with the id {image_id}") from None

    def find(self, path: Path | str) -> ImageRecord | None:
        """Return the image of a path (absolute, or relative to the folder), None if unknown."""
        path = Path(path)
        if path.is_absolute():
            try:
                path = path.parent.resolve().joinpath(path.name)
                path = path.relative_to(self.folder.resolve())
            except ValueError:
                return None
        relative = path.as_posix()
        images = list(self._images.values())
        return next((item for item in images if item.path == relative), None)

    def image_path(self, image_id: int) -> Path:
        """Return where an image lies; FormatError if that is outside of the folder."""
        return inside(self.folder, self.image(image_id).path)

    def scan(self) -> list[ImageRecord]:
        """Look for images in the folder.

        New ones are added, those that have gone are flagged as missing and kept. Images are not
        opened. A project that is read-only shows new images until it is closed, and does not keep
        them.

        Returns
        -------
        list of ImageRecord
            The new images, in natural order.

        Raises
        ------
        FileReadError
            The folder cannot be read.
        SaveError
            What was found cannot be stored; then nothing has changed.
        """
        with self._mutex:
            found, refused = self._list()
            known = {item.path: item for item in self._images.values()}
            new = [path for path in found if path not in known]
            present = {item.id: self._is_present(item, found) for item in known.values()}
            lost = [i for i, there in present.items() if not there and not self._images[i].missing]
            back = [i for i, there in present.items() if there and self._images[i].missing]
            if self.read_only:
                first = max(self._images, default=0) + 1
                added = [ImageRecord(first + i, path) for i, path in enumerate(new)]
            elif new or lost or back:
                with self._database.writing() as connection:
                    added = store.add_images(connection, new)
                    store.set_missing(connection, lost, missing=True)
                    store.set_missing(connection, back, missing=False)
            else:
                added = []
            self.refused = tuple(refused)
            for item in added:
                self._images[item.id] = item
            for ids, missing in ((lost, True), (back, False)):
                for image_id in ids:
                    self._images[image_id] = replace(self._images[image_id], missing=missing)
            return added

    def set_status(self, image_id: int, status: Status) -> None:
        """Set the status of an image; SaveError if that cannot be stored."""
        status = Status(status)
        with self._mutex:
            record = self.image(image_id)
            self._check_writable()
            with self._database.writing() as connection:
                store.set_status(connection, image_id, status)
            self._images[image_id] = replace(record, status=status)

    def save_labels(self, labels: LabelSet) -> None:
        """Make these the labels of the project.

        Open documents keep theirs: pass them `labels` with `Document.adopt_labels`.

        Raises
        ------
        UsageError
            A label that stored objects have would be lost.
        SaveError
            They cannot be stored.
        """
        labels = labels.frozen()
        with self._mutex:
            self._check_writable()
            with self._database.writing() as connection:
                lost = [i for i in store.used_labels(connection) if i not in labels]
                if lost:
                    raise UsageError(
                        f"the label {self._labels.get(lost[0]).name!r} is in use",
                        remedy="Remove its objects first",
                    )
                store.write_labels(connection, labels)
            self._labels = labels

    def check(self) -> list[str]:
        """Look through the whole project file; return what is wrong, nothing if all is well."""
        return self._database.integrity()

    # -- helpers ---------------------------------------------------------------------------------

    def _list(self) -> tuple[dict[str, None], list[Path]]:
        """Return the images of the folder by relative path, and those that lead out of it."""
        found: dict[str, None] = {}
        refused = []
        for path in list_images(self.folder):
            if path.is_symlink():
                try:
                    inside(self.folder, path.name)
                except FormatError:
                    refused.append(path)
                    continue
            found[path.relative_to(self.folder).as_posix()] = None
        return found, refused

    def _is_present(self, record: ImageRecord, found: dict[str, None]) -> bool:
        if record.path in found:
            return True
        try:
            return inside(self.folder, record.path).is_file()
        except (FormatError, OSError):
            return False

    def _check_writable(self) -> None:
        if self.read_only_reason is not None:
            raise SaveError(
                f"cannot be saved: {self.read_only_reason}",
                path=self.path,
                remedy="Copy the folder, or open the project again once it can be written to",
            )

    def _damaged(self, detail: str) -> FormatError:
        return FormatError(
            f"is damaged ({detail}); it was left as it is",
            path=self.path,
            remedy="Restore the file from a backup",
        )
