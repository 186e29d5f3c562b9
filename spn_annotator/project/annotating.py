"""The annotations of a project's images: read, saved in one transaction, proposed."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from spn_annotator.annotation import Document, LabelSet
from spn_annotator.errors import FormatError, MaskSizeError, ShapeError, UsageError
from spn_annotator.project import extras, review_store, store, tiles
from spn_annotator.project.database import Database
from spn_annotator.project.linking import LinkedCatalogue
from spn_annotator.project.lock import ProjectLock
from spn_annotator.project.records import Action, ImageRecord, Status
from spn_annotator.project.rescue import RescueFolder
from spn_annotator.project.saving import SavePoint, Snapshot, labels_to_store


class AnnotatedCatalogue(LinkedCatalogue):
    """Adds the documents of the images.

    Take a `snapshot` on a document's own thread and `write` it on another one.
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
        self._saved: weakref.WeakKeyDictionary[Document, SavePoint] = weakref.WeakKeyDictionary()
        self._rescue = RescueFolder(folder)
        self._rescued: set[int] = set()

    # -- annotations -----------------------------------------------------------------------------

    def load(self, image_id: int) -> Document:
        """Read the annotations of an image: an empty document if none are stored.

        The document of a project that is `read_only` is so too.

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
                        if record.proposed:
                            info = review_store.read_proposal(connection, image_id)
                            document.restore_proposal(
                                review_store.read_proposal_tiles(connection, image_id),
                                model="" if info is None else info.model,
                            )
                except (UsageError, ShapeError, TypeError) as error:
                    raise self._damaged(f"annotations of {record.path}: {error}") from error
                except FormatError as error:
                    if error.path is not None:
                        raise
                    raise self._damaged(f"annotations of {record.path}: {error}") from error
            self._note_file(record, shape)
            document.read_only = self.read_only_reason
            self._saved[document] = SavePoint(
                image_id, document.revision, document.labels, document.proposal_version
            )
            return document

    def save(
        self,
        image_id: int,
        document: Document,
        *,
        status: Status | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        """Store the annotations of an image, in one transaction, and mark the document saved.

        Parameters
        ----------
        image_id : int
        document : Document
        status : Status, optional
            What the image becomes; None leaves it.
        extra : mapping of str to str, optional
            From `extras.packed`, in the place of what there is; None leaves that.

        Raises
        ------
        SaveError
            They cannot be stored: the document stays dirty and the file as it was.
        MaskSizeError
            The document has another size than the image.
        """
        snapshot = self.snapshot(image_id, document)
        self.write(snapshot, status=status, extra=extra)
        document.mark_saved(snapshot.revision, snapshot.proposal_version)

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

    def extra(self, image_id: int, document: Document) -> dict[str, dict[str, Any]]:
        """Return what other tools' files said of an image beyond labels and pixels.

        Parameters
        ----------
        image_id : int
        document : Document
            Its annotations; of objects that are no more, or lie elsewhere, nothing is returned.

        Raises
        ------
        FormatError
            It is damaged.
        """
        with self._mutex, self._database.reading() as connection:
            stored = extras.read(connection, image_id)
        try:
            return extras.unpacked(stored, document)
        except (ValueError, RecursionError) as error:
            raise self._damaged(f"what came with {self.image(image_id).path}: {error}") from error

    def write(
        self,
        snapshot: Snapshot,
        *,
        status: Status | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> None:
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
        proposed = [tiles.pack_always(p, t, array) for p, t, array in snapshot.proposal or ()]
        confidence = snapshot.confidence
        image_id = snapshot.image_id
        with self._mutex:
            record = self.image(image_id)
            self._check_writable()
            document = snapshot.document()
            latest = None if document is None else self._saved.get(document)
            if latest and latest.image_id == image_id and _is_older(snapshot, latest):
                return
            height, width = snapshot.shape
            if (record.width, record.height) not in ((0, 0), (width, height)):
                raise MaskSizeError(
                    f"the annotations are {width} x {height} pixels, the image is "
                    f"{record.width} x {record.height}",
                    path=self.folder / record.path,
                )
            now = replace(
                record, width=width, height=height, saved=True, version=record.version + 1
            )
            if status is not None:
                now = replace(now, status=status)
            if snapshot.proposal is not None:
                now = replace(now, proposed=bool(snapshot.proposal), confidence=confidence)
            fingerprint = self._fingerprint_to_store(image_id)
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
                )
                if extra is not None:
                    extras.write(connection, image_id, extra)
                if snapshot.proposal is not None:
                    self._write_proposal(connection, snapshot, proposed, confidence)
                if status is not None:
                    store.set_status(connection, image_id, status)
                if fingerprint is not None:
                    store.write_first_fingerprint(connection, image_id, fingerprint)
                self._write_events(connection, snapshot, before=record, now=now)
            self._labels = labels
            self._images[image_id] = now
            if fingerprint is not None:
                self._with_fingerprint.add(image_id)
            if image_id in self._rescued:
                self._rescued.discard(image_id)
                self._rescue.forget(image_id)
            if document is not None:
                self._saved[document] = SavePoint(
                    image_id, snapshot.revision, snapshot.labels, snapshot.proposal_version
                )

    def store_proposal(
        self,
        image_id: int,
        object_map: np.ndarray,
        *,
        confidence: np.ndarray | None = None,
        model: str = "",
        status: Status | None = Status.PROPOSED,
    ) -> None:
        """Store what refinement returned for an image, to be looked at later.

        Objects that the map names must be stored already: save a document with them before. What
        was proposed before goes.

        Parameters
        ----------
        image_id : int
        object_map : np.ndarray
            ``(height, width)`` object ids; taken over, not copied.
        confidence : np.ndarray, optional
            ``(height, width)`` 0 to 1.
        model : str
            Name of the model, for the history.
        status : Status, optional
            What the image becomes; None leaves it.

        Raises
        ------
        ShapeError, UsageError
            As from `Document.set_proposal`.
        SaveError
            It cannot be stored.
        """
        document = self.load(image_id)
        document.set_proposal(
            object_map, confidence=confidence, revision=document.revision, model=model
        )
        self.save(image_id, document, status=status)

    # -- helpers ---------------------------------------------------------------------------------

    def _write_proposal(
        self,
        connection: sqlite3.Connection,
        snapshot: Snapshot,
        packed: list[tiles.StoredTile],
        confidence: float | None,
    ) -> None:
        image_id = snapshot.image_id
        if packed:
            review_store.write_proposal(
                connection, image_id, model=snapshot.model, made=review_store.now(), tiles=packed
            )
        else:
            review_store.remove_proposal(connection, image_id)
        store.set_confidence(connection, image_id, confidence)

    def _write_events(
        self,
        connection: sqlite3.Connection,
        snapshot: Snapshot,
        *,
        before: ImageRecord,
        now: ImageRecord,
    ) -> None:
        image_id = snapshot.image_id
        if snapshot.tiles or not snapshot.proposal:
            self._note(connection, image_id, Action.ANNOTATED)
        for model in snapshot.accepted:
            self._note(connection, image_id, Action.ACCEPTED, model=model)
        known = snapshot.since.proposal_version == snapshot.proposal_version
        if snapshot.proposal and not known:
            self._note(connection, image_id, Action.PROPOSED, model=snapshot.model)
        if now.status is not before.status:
            self._note(connection, image_id, Action.STATUS, detail=now.status.value)


def _is_older(snapshot: Snapshot, latest: SavePoint) -> bool:
    return (snapshot.revision, snapshot.proposal_version) < (
        latest.revision,
        latest.proposal_version,
    )
