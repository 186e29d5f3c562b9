"""A program that annotates, refines, saves and exports without a rest, to be killed.

``python -m tests.faults.annotator`` reads a line of JSON for each annotator it is to start: it
forks one (what takes long, importing, is done once), prints its process number, waits for its end
and prints ``gone``.

An annotator writes into its log what it has done before anything can be saved, and what was saved:
``did IMAGE REVISION TIME CELLS`` and ``saved IMAGE REVISION TIME``. CELLS is the state of the
object map, a bit for each square of 32 pixels.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QTimer

from spn_annotator.annotation import Document
from spn_annotator.formats.export import ExportItem, export_project
from spn_annotator.formats.registry import get_codec
from spn_annotator.gui.autosave import Autosave
from spn_annotator.gui.session import Session
from spn_annotator.project import Project, Snapshot, Status

SIDE = 512
CELL = 32
EXPORTS = ("indexed", "coco")


def cells(object_map: np.ndarray) -> str:
    """Return which cells of an object map hold something, in hexadecimal digits."""
    half = CELL // 2
    return np.packbits(object_map[half::CELL, half::CELL] != 0).tobytes().hex()


class Log:
    """Lines in a file, there at once: they outlive this program."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def __call__(self, *words: object) -> None:
        os.write(self._descriptor, (" ".join(map(str, words)) + "\n").encode())


class NotedSession(Session):
    """The window's session, which notes what is on the disk."""

    def __init__(self, project: Project, log: Log) -> None:
        super().__init__(project, lambda image_id, change: self.autosave.changed())
        self.autosave = Autosave()
        self._log = log

    def saved(self, image_id: int, snapshot: Snapshot | None) -> None:
        super().saved(image_id, snapshot)
        if snapshot is not None:
            self._log("saved", image_id, snapshot.revision, time.monotonic())


class Annotator:
    """Does something every few milliseconds."""

    def __init__(self, project: Project, session: NotedSession, log: Log, seed: int) -> None:
        self._project = project
        self._session = session
        self._log = log
        self._dice = random.Random(seed)
        self._ids = [record.id for record in project.images()]
        self._switch()
        self._timer = QTimer()
        self._timer.timeout.connect(self._act)
        self._timer.start(2)

    def _switch(self) -> None:
        image_id = self._dice.choice(self._ids)
        if self._session.document_of(image_id) is None:
            self._session.adopt(image_id, self._project.load(image_id))
        self._session.go_to(image_id)

    def _act(self) -> None:
        document, image_id = self._session.document, self._session.image_id
        assert document is not None
        acts = (self._paint, self._undo, self._refine, self._decide, self._talk)
        act = self._dice.choices(acts, weights=(60, 15, 10, 10, 1))[0]
        before = document.revision
        act(document)
        if document.revision != before:
            state = cells(document.object_map)
            self._log("did", image_id, document.revision, time.monotonic(), state)
        if self._dice.random() < 0.05:
            self._switch()

    def _square(self) -> tuple[slice, slice]:
        row, column = (self._dice.randrange(SIDE // CELL) for _ in range(2))
        return (
            slice(row * CELL, (row + 1) * CELL),
            slice(column * CELL, (column + 1) * CELL),
        )

    def _paint(self, document: Document) -> None:
        rows, columns = self._square()
        object_id = self._dice.choice([0, *document.objects])
        kind = self._dice.choice(("rough", "sure"))
        with document.begin_stroke(kind=kind, object_id=object_id) as stroke:
            for y in range(rows.start + 4, rows.stop - 4, 4):
                stroke.segment((columns.start + 4, y), (columns.stop - 5, y), 3)

    def _undo(self, document: Document) -> None:
        if self._dice.random() < 0.6:
            document.undo()
        else:
            document.redo()

    def _refine(self, document: Document) -> None:
        proposed = document.object_map.copy()
        proposed[self._square()] = self._dice.choice([0, *document.objects])
        confidence = np.full(proposed.shape, self._dice.random(), np.float32)
        document.set_proposal(
            proposed, confidence=confidence, revision=document.revision, model="fake"
        )

    def _decide(self, document: Document) -> None:
        if document.proposal is not None:
            (document.accept_proposal if self._dice.random() < 0.7 else document.drop_proposal)()

    def _talk(self, document: Document) -> None:
        image_id = self._session.image_id
        assert image_id is not None
        self._session.images.set_status(image_id, self._dice.choice(list(Status)))
        self._project.add_comment(image_id, "seen")


def export_for_ever(project: Project, out: Path) -> None:
    """Export again and again, each time to a folder of its own."""
    number = 0
    while True:
        number += 1
        items = [
            ExportItem(record.path, lambda image_id=record.id: project.load(image_id))
            for record in project.images()
        ]
        export_project(items, lambda: project.labels, out / str(number), EXPORTS)
        time.sleep(0.02)


def annotate(folder: Path, *, seed: int, log: Path, out: Path) -> None:
    """Annotate until killed."""
    app = QCoreApplication([])
    project = Project.open(folder, create=False)
    note = Log(log)
    session = NotedSession(project, note)
    session.autosave.set_session(session)
    annotator = Annotator(project, session, note, seed)
    threading.Thread(target=export_for_ever, args=(project, out), daemon=True).start()
    note("ready", os.getpid())
    app.exec()
    del annotator


def main() -> None:
    """Start annotators, one after the other."""
    for name in EXPORTS:  # imports what it needs, once for all
        get_codec(name)
    print("ready", flush=True)
    for line in sys.stdin:
        task = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                annotate(
                    Path(task["folder"]),
                    seed=task["seed"],
                    log=Path(task["log"]),
                    out=Path(task["out"]),
                )
            finally:
                os._exit(70)  # it was to be killed
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print("gone", os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
