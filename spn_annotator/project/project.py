"""A project: a folder of images and one file with everything known about them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import TracebackType

from spn_annotator.annotation import Document
from spn_annotator.errors import FileReadError, SpnAnnotatorError, UsageError
from spn_annotator.project.annotating import AnnotatedCatalogue
from spn_annotator.project.database import Database
from spn_annotator.project.lock import LockHeldError, ProjectLock
from spn_annotator.project.records import Status
from spn_annotator.project.rescue import Recovery, RescuedImage
from spn_annotator.project.saving import Snapshot, whole
from spn_annotator.project.scanning import PROJECT_NAME

__all__ = ["PROJECT_NAME", "Project"]


class Project(AnnotatedCatalogue):
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
    recovery : Recovery
        What became of work that could not be saved the last time; see `recover`.
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
        super().__init__(folder, database, lock=lock, read_only_reason=read_only_reason)
        self.recovery = Recovery()

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

    # -- what could not be saved -----------------------------------------------------------------

    def snapshot_whole(self, image_id: int, document: Document) -> Snapshot:
        """Copy all of a document, to `rescue` it on another thread."""
        self.image(image_id)
        return whole(document, image_id)

    def rescue(self, snapshot: Snapshot, *, status: Status | None = None) -> None:
        """Keep a copy of work that could not be saved in the user's own folder.

        It goes once the image is saved. If it never is, `recover` finds it.

        Parameters
        ----------
        snapshot : Snapshot
            From `snapshot_whole`.
        status : Status, optional
            What was to become of the image.

        Raises
        ------
        SaveError
            It cannot be written either.
        """
        with self._mutex:
            self._rescue.put(snapshot, self.image(snapshot.image_id), status=status)
            self._rescued.add(snapshot.image_id)

    def recover(self) -> Recovery:
        """Take over work that could not be saved the last time, where that asks no question.

        Work on an image that somebody has saved since, or that is no more, stays where it is: of
        it two versions exist.

        Returns
        -------
        Recovery
            Also kept as `recovery`.
        """
        if self.read_only:
            return self.recovery
        recovered: list[int] = []
        undecided: list[RescuedImage] = []
        for item in self._rescue.list():
            record = self._images.get(item.image_id)
            same = record is not None and (
                (record.path, record.page, record.version) == (item.path, item.page, item.version)
            )
            try:
                if not same:
                    raise UsageError("it has been saved since")
                self.take_rescued(item)
                recovered.append(item.image_id)
            except SpnAnnotatorError:
                undecided.append(item)
        self.recovery = Recovery(tuple(recovered), tuple(undecided))
        return self.recovery

    def take_rescued(self, item: RescuedImage) -> None:
        """Make rescued work the annotations of its image, in the place of what is stored.

        Raises
        ------
        FormatError
            The copy is damaged. It is left as it is.
        UsageError
            The project does not have the image.
        SaveError, MaskSizeError
            As from `save`; the copy stays.
        """
        record = self.find(item.path, page=item.page)
        if record is None:
            raise UsageError(f"the project has no image {item.path}")
        document, status = self._rescue.load(item)
        self.save(record.id, document, status=status)
        self.drop_rescued(item)

    def drop_rescued(self, item: RescuedImage | None = None) -> None:
        """Forget rescued work, of one image or of all."""
        self._rescue.forget(None if item is None else item.image_id)
        left = () if item is None else tuple(i for i in self.recovery.undecided if i != item)
        self.recovery = replace(self.recovery, undecided=left)


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
