"""A project: a folder of images and one file with everything known about them."""

from __future__ import annotations

import threading
import weakref
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from spn_annotator.annotation import Document, LabelSet
from spn_annotator.errors import (
    FileReadError,
    FormatError,
    MaskSizeError,
    SaveError,
    ShapeError,
    UsageError,
)
from spn_annotator.formats.images import IMAGE_SUFFIXES, list_images, natural_key, read_size
from spn_annotator.project import store, tiles
from spn_annotator.project.database import Database
from spn_annotator.project.locations import inside
from spn_annotator.project.lock import LockHeldError, LockHolder, ProjectLock
from spn_annotator.project.records import ImageRecord, Status
from spn_annotator.project.saving import SavePoint, Snapshot, labels_to_store

PROJECT_NAME = "project.spn.db"


class Project:
    """An open project; made by `Project.open`, ended by `close` or a ``with`` block.

    One program at a time may write to a project. Where another one has it open, or the folder
    cannot be written to, it opens with `read_only` set: everything can be looked at, and what
    would write raises SaveError.

    The methods may be called from several threads, but documents may not: take a `snapshot` on the
    document's own thread and `write` it on another one.

    Attributes
    ----------
    folder : Path
    read_only : bool
    read_only_reason : str or None
        Why, as a sentence for the user.
    left_by : LockHolder or None
        The program that had the project open last and did not end properly.
    refused : tuple of Path
        Images of the last scan that are left out, because links lead out of the folder.
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
        self._saved: weakref.WeakKeyDictionary[Document, SavePoint] = weakref.WeakKeyDictionary()
        try:
            with database.reading() as connection:
                self._labels = store.read_labels(connection)
                self._images = {item.id: item for item in store.read_images(connection)}
        except (UsageError, ValueError, TypeError) as error:
            raise self._damaged(str(error)) from error

    @classmethod
    def open(cls, folder: Path | str, *, create: bool = True) -> Project:
        """Open the project of a folder.

        Parameters
        ----------
        folder : Path or str
        create : bool
            Whether a folder that is none yet becomes a project.

        Raises
        ------
        FileReadError
            The folder is missing, or is no project and ``create`` is false, or cannot be read.
        FormatError
            The project file is not ours, damaged or of a newer version. It is left as it is.
        SaveError
            The project file could not be made.
        """
        folder = Path(folder)
        if not folder.is_dir():
            raise FileReadError(
                "is no folder", path=folder, remedy="Name the folder that holds the images"
            )
        path = folder / PROJECT_NAME
        if not create and not path.exists():
            raise FileReadError(
                f"is no project yet: there is no {PROJECT_NAME}",
                path=folder,
                remedy="Open the folder in the window once, or name another one",
            )
        lock, reason = _take_lock(folder)
        database = None
        try:
            database = _open_database(path, read_only=reason is not None)
            return cls(folder, database, lock=lock, read_only_reason=reason)
        except BaseException:
            if database is not None:
                database.close()
            if lock is not None:
                lock.release()
            raise

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and give the lock back; once is enough, more does no harm."""
        self._database.close()
        if self._lock is not None:
            self._lock.release()

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

    # -- annotations -----------------------------------------------------------------------------

    def load(self, image_id: int) -> Document:
        """Read the annotations of an image: an empty document if none are stored.

        Raises
        ------
        FileReadError
            The image is missing or cannot be read.
        MaskSizeError
            The image has another size than its annotations. Nothing is changed.
        FormatError
            The annotations are damaged, or the image lies outside of the folder.
        """
        with self._mutex:
            record = self.image(image_id)
            shape = self._shape_of_file(record)
            if not record.saved:
                document = Document(shape, self._labels)
            else:
                try:
                    with self._database.reading() as connection:
                        document = Document.from_tiles(
                            shape,
                            self._labels,
                            objects=store.read_objects(connection, image_id),
                            tiles=store.read_tiles(connection, image_id),
                        )
                except (UsageError, ShapeError, TypeError) as error:
                    raise self._damaged(f"annotations of {record.path}: {error}") from error
                except FormatError as error:
                    if error.path is not None:
                        raise
                    raise self._damaged(f"annotations of {record.path}: {error}") from error
            self._images[image_id] = replace(record, width=shape[1], height=shape[0])
            self._saved[document] = SavePoint(image_id, document.revision, document.labels)
            return document

    def save(self, image_id: int, document: Document, *, status: Status | None = None) -> None:
        """Store the annotations of an image, in one transaction, and mark the document saved.

        Raises
        ------
        SaveError
            They cannot be stored: the document stays dirty and the file as it was.
        MaskSizeError
            The document has another size than the image.
        """
        snapshot = self.snapshot(image_id, document)
        self.write(snapshot, status=status)
        document.mark_saved(snapshot.revision)

    def snapshot(self, image_id: int, document: Document) -> Snapshot:
        """Copy what of a document must be stored, to `write` it on another thread.

        Takes time in proportion to what has changed since the last save. An open stroke is left
        out: it is stored once it is committed.
        """
        with self._mutex:
            self.image(image_id)
            since = self._saved.get(document)
            if since is None or since.image_id != image_id:
                since = SavePoint(image_id, -1, LabelSet().frozen())
            return Snapshot.take(document, since)

    def write(self, snapshot: Snapshot, *, status: Status | None = None) -> None:
        """Store a snapshot, in one transaction; older than what is stored, it is passed over.

        Call `Document.mark_saved` with the snapshot's revision afterwards, on the document's own
        thread.

        Raises
        ------
        SaveError
            It cannot be stored: the file is as it was.
        MaskSizeError
            The document has another size than the image.
        """
        packed = [(p, t, tiles.pack(p, t, array)) for p, t, array in snapshot.tiles]
        image_id = snapshot.image_id
        with self._mutex:
            record = self.image(image_id)
            self._check_writable()
            document = snapshot.document()
            latest = None if document is None else self._saved.get(document)
            if latest and latest.image_id == image_id and latest.revision > snapshot.revision:
                return
            height, width = snapshot.shape
            if (record.width, record.height) not in ((0, 0), (width, height)):
                raise MaskSizeError(
                    f"the annotations are {width} x {height} pixels, the image is "
                    f"{record.width} x {record.height}",
                    path=self.folder / record.path,
                )
            with self._database.writing() as connection:
                used = store.used_labels(connection, other_than=image_id)
                labels = labels_to_store(self._labels, snapshot, used_elsewhere=used)
                if labels != self._labels:
                    store.write_labels(connection, labels)
                store.write_annotations(
                    connection,
                    image_id,
                    shape=snapshot.shape,
                    objects=snapshot.objects,
                    tiles=(item for _, _, item in packed if item is not None),
                    blank=((plane, tile) for plane, tile, item in packed if item is None),
                    replace_all=snapshot.since.revision < 0,
                )
                if status is not None:
                    store.set_status(connection, image_id, status)
            self._labels = labels
            self._images[image_id] = replace(
                record, width=width, height=height, saved=True, status=status or record.status
            )
            if document is not None:
                point = SavePoint(image_id, snapshot.revision, snapshot.labels)
                self._saved[document] = point

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

    def _shape_of_file(self, record: ImageRecord) -> tuple[int, int]:
        path = inside(self.folder, record.path)
        if not path.exists():
            raise FileReadError(
                "the image is missing; its annotations are kept",
                path=path,
                remedy="Put the file back",
            )
        width, height = read_size(path)
        if record.saved and (width, height) != (record.width, record.height):
            raise MaskSizeError(
                f"the image is {width} x {height} pixels, its annotations are "
                f"{record.width} x {record.height}; they are kept",
                path=path,
                remedy="Put back the image that was annotated, or give the new one another name",
            )
        return height, width

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


def open_path(path: Path | str) -> tuple[Project, int | None]:
    """Open what a user names: a folder, a project file, or one image.

    Parameters
    ----------
    path : Path or str
        Of an image, the folder it lies in is opened.

    Returns
    -------
    (Project, int or None)
        The project, its folder looked through, and the id of the image named, if one was.

    Raises
    ------
    FileReadError
        There is nothing at the path, or neither a folder nor an image.
    FormatError
        As `Project.open`; or the image is a link that leads out of its folder.
    """
    path = Path(path)
    if path.is_dir():
        folder, name = path, None
    elif path.name == PROJECT_NAME and path.is_file():
        folder, name = path.parent, None
    elif not path.exists():
        raise FileReadError("does not exist", path=path, remedy="Check the name")
    elif path.suffix.lower() not in IMAGE_SUFFIXES:
        raise FileReadError(
            "is neither a folder nor an image", path=path, remedy="Name a folder or an image"
        )
    else:
        folder, name = path.parent, path.name
    if name is not None:
        inside(folder, name)
        read_size(path)  # a file that is no image makes no project
    project = Project.open(folder)
    try:
        project.scan()
        if name is None:
            return project, None
        record = project.find(name)
        if record is None:
            raise FileReadError("is not listed among the images of its folder", path=path)
        return project, record.id
    except BaseException:
        project.close()
        raise


def _take_lock(folder: Path) -> tuple[ProjectLock | None, str | None]:
    """Return the lock, or why there is none."""
    try:
        return ProjectLock.acquire(folder), None
    except LockHeldError as error:
        holder = "another program" if error.holder is None else str(error.holder)
        return None, f"the project is open elsewhere: {holder}"
    except OSError as error:
        return None, f"the folder cannot be written to ({error.strerror})"


def _open_database(path: Path, *, read_only: bool) -> Database:
    try:
        empty = path.stat().st_size == 0
    except FileNotFoundError:
        empty = True
    if empty and read_only:
        return Database.memory(path)
    if empty:
        Database.create(path)
    return Database.open(path, read_only=read_only)
