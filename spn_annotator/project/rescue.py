"""Copies of work that could not be saved, in the user's own folder, until it can be.

One file an image, laid out like a project file. Work that was never saved and whose image nobody
has saved since is taken over when the project is opened next. Where somebody has, two versions
exist, and a person decides.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from spn_annotator.annotation import Document
from spn_annotator.errors import FormatError, SaveError, SpnAnnotatorError
from spn_annotator.paths import user_data_dir
from spn_annotator.project import review_store, store, tiles
from spn_annotator.project.database import Database
from spn_annotator.project.ordering import sort_key
from spn_annotator.project.records import ImageRecord, Status
from spn_annotator.project.saving import Snapshot


@dataclass(frozen=True, slots=True)
class RescuedImage:
    """Work on one image that was never saved.

    Parameters
    ----------
    image_id : int
    path : str
        The image, as the project names it.
    page : int
    version : int
        The save of the image that the work went on from.
    when : str
        Date and time of the copy, UTC.
    file : Path
        The copy.
    """

    image_id: int
    path: str
    page: int
    version: int
    when: str
    file: Path


@dataclass(frozen=True, slots=True)
class Recovery:
    """What became of rescued work when a project was opened.

    Parameters
    ----------
    recovered : tuple of int
        Images whose work was taken over: nobody had saved them since.
    undecided : tuple of RescuedImage
        Images of which two versions exist; see `Project.take_rescued` and `Project.drop_rescued`.
    """

    recovered: tuple[int, ...] = ()
    undecided: tuple[RescuedImage, ...] = ()


class RescueFolder:
    """The copies of one project.

    Parameters
    ----------
    project_folder : Path
    """

    def __init__(self, project_folder: Path) -> None:
        name = hashlib.blake2b(str(project_folder.resolve()).encode(), digest_size=12).hexdigest()
        self.folder = user_data_dir() / "rescue" / name

    def put(self, snapshot: Snapshot, record: ImageRecord, *, status: Status | None) -> None:
        """Keep a copy in the place of the one before it.

        Parameters
        ----------
        snapshot : Snapshot
            Of the whole document: `saving.whole`.
        record : ImageRecord
            The image; its version is that of the last save.
        status : Status, optional
            What was to become of the image.

        Raises
        ------
        SaveError
            It cannot be written either.
        """
        path = self._file(record.id)
        temporary = path.with_suffix(".tmp")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary.unlink(missing_ok=True)
            Database.create(temporary)
            with _opened(temporary) as database, database.writing() as connection:
                _write(connection, snapshot, record, status=status or record.status)
            temporary.replace(path)
        except OSError as error:
            raise SaveError(f"no copy could be kept ({error})", path=path) from error

    def list(self) -> list[RescuedImage]:
        """Return what there is; a damaged copy is left alone and not named."""
        found = []
        for path in sorted(self.folder.glob("*.db")):
            with suppress(SpnAnnotatorError), _opened(path) as database:
                with database.reading() as connection:
                    row = connection.execute("SELECT id, path, page, version FROM image").fetchone()
                    when = review_store.read_setting(connection, "rescued") or ""
                if row is not None:
                    found.append(RescuedImage(row[0], str(row[1]), row[2], row[3], when, path))
        return found

    def load(self, image: RescuedImage) -> tuple[Document, Status]:
        """Return the document and the status of its image; FormatError if it is damaged."""
        with _opened(image.file) as database, database.reading() as connection:
            (record,) = store.read_images(connection)
            try:
                document = Document.from_tiles(
                    (record.height, record.width),
                    store.read_labels(connection),
                    objects=store.read_objects(connection, record.id),
                    tiles=store.read_tiles(connection, record.id),
                )
                info = review_store.read_proposal(connection, record.id)
                if info is not None:
                    document.restore_proposal(
                        review_store.read_proposal_tiles(connection, record.id), model=info.model
                    )
            except (SpnAnnotatorError, ValueError, TypeError) as error:
                raise FormatError(f"is damaged ({error})", path=image.file) from error
            return document, record.status

    def forget(self, image_id: int | None = None) -> None:
        """Remove the copy of an image, or all of them; no harm if there is none."""
        paths = list(self.folder.glob("*.db")) if image_id is None else [self._file(image_id)]
        for path in paths:
            with suppress(OSError):
                path.unlink()
        with suppress(OSError):
            self.folder.rmdir()  # only if it is empty

    def _file(self, image_id: int) -> Path:
        return self.folder / f"{image_id}.db"


@contextmanager
def _opened(path: Path) -> Iterator[Database]:
    database = Database.open(path, read_only=False)
    try:
        yield database
    finally:
        database.close()


def _write(
    connection: sqlite3.Connection, snapshot: Snapshot, record: ImageRecord, *, status: Status
) -> None:
    store.write_labels(connection, snapshot.labels)
    connection.execute(
        "INSERT INTO image (id, path, page, outside, sort_key) VALUES (?, ?, ?, ?, ?)",
        (record.id, record.path, record.page, record.outside, sort_key(record.path)),
    )
    packed = [tiles.pack(plane, tile, array) for plane, tile, array in snapshot.tiles]
    store.write_annotations(
        connection,
        record.id,
        shape=snapshot.shape,
        objects=snapshot.objects,
        tiles=(item for item in packed if item is not None),
        blank=(),
    )
    if snapshot.proposal:
        review_store.write_proposal(
            connection,
            record.id,
            model=snapshot.model,
            made=review_store.now(),
            tiles=[tiles.pack_always(p, t, array) for p, t, array in snapshot.proposal],
        )
    store.set_status(connection, record.id, status)
    connection.execute("UPDATE image SET version = ?", (record.version,))
    review_store.write_setting(connection, "rescued", review_store.now())
