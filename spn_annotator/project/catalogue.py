"""The images of a project, their statuses, and its labels."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

from spn_annotator.annotation import LabelSet
from spn_annotator.errors import FormatError, SaveError, UsageError
from spn_annotator.project import review_store, store
from spn_annotator.project.database import Database, restoring
from spn_annotator.project.locations import inside, outside, stored_path
from spn_annotator.project.lock import LockHolder, ProjectLock
from spn_annotator.project.ordering import ImageQuery, chosen, sort_key
from spn_annotator.project.pages import pages_of
from spn_annotator.project.records import Action, ImageRecord, Status
from spn_annotator.project.scanning import list_tree


class Catalogue:
    """The catalogue of an open project: its images, their statuses, its labels.

    Parameters
    ----------
    folder : Path
    database : Database
    lock : ProjectLock or None
    read_only_reason : str or None
        Why nothing can be saved, None if it can.

    Attributes
    ----------
    author : str
        Who works on it, for history and comments: the user of the system unless it is set.
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
        self.migrated_from = database.migrated_from
        self.refused: tuple[Path, ...] = ()
        self.passed_over: tuple[Path, ...] = ()
        self.author = LockHolder.this_process().user or "unknown"
        self._database = database
        self._lock = lock
        self._mutex = threading.RLock()
        self._order: list[int] = []  # image ids in natural order of the paths
        self._by_path: dict[tuple[str, int], int] | None = None  # made when asked for
        self._seen: dict[int, tuple[int, int]] = {}  # bytes and time of files when loaded
        self._with_fingerprint: set[int] = set()  # images of which one is known to be stored
        try:
            with database.reading() as connection:
                self._labels = store.read_labels(connection)
                self._images = {item.id: item for item in store.read_images(connection)}
                self._order = list(self._images)
                # Where nobody has said, as for a new project: the folders inside too.
                self._subfolders = review_store.read_setting(connection, "subfolders") != "0"
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
        images = self._images  # at once: does not wait for a save on its way
        return [images[image_id] for image_id in self._order if image_id in images]

    def select(self, query: ImageQuery) -> list[ImageRecord]:
        """Return the images that a query names, in its order.

        Quick with 100,000 images: see ``benchmarks/bench_project.py``. Statuses, sizes and
        confidences are those on the disk.

        Raises
        ------
        FileReadError
            The project file cannot be asked for labels or comments.
        """
        within = []
        if query.label_id is not None or query.commented is not None:
            with self._database.reading() as connection:
                if query.label_id is not None:
                    within.append(store.images_with_label(connection, query.label_id))
                if query.commented is not None:
                    ids = review_store.commented_images(connection)
                    within.append(ids if query.commented else self._images.keys() - ids)
        return chosen(query, self.images(), within=within)

    def counts(self) -> dict[Status, int]:
        """Return how many images have each status."""
        counted = Counter(item.status for item in self.images())
        return {status: counted[status] for status in Status}

    def image(self, image_id: int) -> ImageRecord:
        """Return one image; UsageError if there is none with that id."""
        try:
            return self._images[image_id]
        except KeyError:
            raise UsageError(f"the project has no image with the id {image_id}") from None

    def find(self, path: Path | str, *, page: int = 0) -> ImageRecord | None:
        """Return the image of a path (absolute, or relative to the folder), None if unknown."""
        path = Path(path)
        stored = stored_path(self.folder, path)[0] if path.is_absolute() else path.as_posix()
        if self._by_path is None:
            images = list(self._images.values())
            self._by_path = {(item.path, item.page): item.id for item in images}
        image_id = self._by_path.get((stored, page))
        return None if image_id is None else self._images.get(image_id)

    def image_path(self, image_id: int) -> Path:
        """Return where an image lies; FormatError if it may not lie there."""
        record = self.image(image_id)
        if record.outside:
            return outside(self.folder, record.path)
        return inside(self.folder, record.path)

    @property
    def subfolders(self) -> bool:
        """Whether images in the folders inside the project folder belong to it."""
        return self._subfolders

    def set_subfolders(self, wanted: bool) -> None:
        """Say whether `scan` looks into the folders inside too; known images stay.

        Raises
        ------
        SaveError
            It cannot be stored.
        """
        with self._mutex:
            if wanted != self._subfolders:
                self._check_writable()
                with self._database.writing() as connection:
                    review_store.write_setting(connection, "subfolders", str(int(wanted)))
                self._subfolders = wanted

    def scan(self) -> list[ImageRecord]:
        """Look for images in the folder.

        New ones are added, those that have gone are flagged as missing and kept. Images are not
        opened, but for the number of pages of a new TIFF: each is an image of its own. A project
        that is read-only shows new images until it is closed, and does not keep them.

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
            listing = list_tree(self.folder, subfolders=self._subfolders)
            images = list(self._images.values())
            known = {item.path for item in images}
            paths = sorted((path for path in listing.found if path not in known), key=sort_key)
            new = [(p, page) for p in paths for page in range(pages_of(self.folder / p))]
            present = {item.id: self._is_present(item, listing.found) for item in images}
            lost = [i for i, there in present.items() if not there and not self._images[i].missing]
            back = [i for i, there in present.items() if there and self._images[i].missing]
            if self.read_only:
                first = max(self._images, default=0) + 1
                added = [ImageRecord(first + i, p, page=page) for i, (p, page) in enumerate(new)]
            elif new or lost or back:
                with self._database.writing() as connection:
                    added = store.add_images(connection, new)
                    store.set_missing(connection, lost, missing=True)
                    store.set_missing(connection, back, missing=False)
            else:
                added = []
            self.refused = listing.refused
            self.passed_over = listing.passed_over
            for ids, missing in ((lost, True), (back, False)):
                for image_id in ids:
                    self._images[image_id] = replace(self._images[image_id], missing=missing)
            self._take_in(added)
            return added

    def set_status(self, image_id: int, status: Status) -> None:
        """Set the status of an image; SaveError if that cannot be stored."""
        status = Status(status)
        with self._mutex:
            record = self.image(image_id)
            self._check_writable()
            with self._database.writing() as connection:
                store.set_status(connection, image_id, status)
                if status is not record.status:
                    self._note(connection, image_id, Action.STATUS, detail=status.value)
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
                self._note(connection, None, Action.LABELS)
            self._labels = labels

    def check(self) -> list[str]:
        """Look through the whole project file; return what is wrong, nothing if all is well."""
        return self._database.integrity()

    # -- helpers ---------------------------------------------------------------------------------

    def _take_in(self, added: list[ImageRecord]) -> None:
        """List new images, and sort those anew whose path is another one."""
        for item in added:
            self._images[item.id] = item
        if added:
            images = sorted(
                self._images.values(), key=lambda item: (sort_key(item.path), item.path, item.page)
            )
            self._order = [item.id for item in images]
            self._by_path = None

    def _note(
        self,
        connection: sqlite3.Connection,
        image_id: int | None,
        action: Action,
        *,
        model: str = "",
        detail: str = "",
    ) -> None:
        """Write into the history, within a transaction."""
        review_store.add_event(
            connection, image_id, action, author=self.author, model=model, detail=detail
        )

    def _is_present(self, record: ImageRecord, found: dict[str, None]) -> bool:
        if record.path in found:
            return True
        try:
            return self.image_path(record.id).is_file()
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
            remedy=restoring(self.path),
        )
