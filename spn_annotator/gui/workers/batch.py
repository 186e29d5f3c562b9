"""A batch run in a process of its own, and its results on their way into the project."""

from __future__ import annotations

import json
import queue
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QProcess, QThread, Signal

from spn_annotator.errors import SpnAnnotatorError, UsageError
from spn_annotator.formats.masks import read_label_map
from spn_annotator.gui.i18n import tr
from spn_annotator.gui.workers.latest import Failure
from spn_annotator.project import Project

COMMAND: tuple[str, ...] = (sys.executable, "-m", "spn_annotator.batch.child")
"""What is started; tests put something quicker in its place."""


@dataclass(frozen=True)
class BatchOrder:
    """What is to be done.

    Parameters
    ----------
    project, out : Path
        Folder of the project; of the results.
    images : tuple of int
        Numbers of the images.
    model : Path or None
        A model file; the one that ships if None.
    device : str
        ``auto``, ``cpu`` or ``cuda``.
    processes : int or None
        None chooses by cores, memory and images.
    """

    project: Path
    out: Path
    images: tuple[int, ...]
    model: Path | None = None
    device: str = "auto"
    processes: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain values, as the process takes them."""
        return {
            "project": str(self.project),
            "out": str(self.out),
            "images": list(self.images),
            "model": None if self.model is None else str(self.model),
            "device": self.device,
            "processes": self.processes,
            "resume": True,
        }


@dataclass(frozen=True, eq=False)
class BatchImage:
    """One image of a run that is done.

    Parameters
    ----------
    image_id : int
    status : str
        ``refined``, ``kept``, ``skipped`` or ``failed``.
    error : str or None
        Why not.
    coarse, refined, confidence : Path or None
        Maps of objects before and after, and how sure the model is.
    done, total : int
        Images that are done, and all.
    """

    image_id: int
    status: str
    error: str | None
    coarse: Path | None
    refined: Path | None
    confidence: Path | None
    done: int
    total: int

    @classmethod
    def of(cls, event: dict[str, Any]) -> BatchImage:
        """Return what an event of the process says."""
        report = event["report"]

        def path(text: str | None) -> Path | None:
            return Path(text) if text else None

        return cls(
            image_id=int(event["image_id"]),
            status=report["status"],
            error=report["error"],
            coarse=path(report["mask"]),
            refined=path(report["output"]),
            confidence=path(event["confidence"]),
            done=int(event["done"]),
            total=int(event["total"]),
        )

    def maps(self) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """Return the coarse and the refined map of objects, and the confidence, 0 to 1."""
        if self.coarse is None or self.refined is None:
            raise UsageError("the image has no result")
        certain = None
        if self.confidence is not None and self.confidence.is_file():
            certain = read_label_map(self.confidence, unknown=None).array.astype(np.float32) / 255
        coarse = read_label_map(self.coarse, unknown=None).array
        refined = read_label_map(self.refined, unknown=None).array
        return coarse.astype(np.uint16), refined.astype(np.uint16), certain


class BatchRun(QObject):
    """The process of a run.

    Signals
    -------
    planned(total)
        So many images are to be done.
    image_done(image)
        A BatchImage.
    ended(facts)
        A dictionary with ``counts``, ``seconds`` and ``page``.
    failed(failure)
        The run could not be done, or its process died.
    """

    planned = Signal(int)
    image_done = Signal(object)
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._over = False
        self._last: dict[str, Any] | None = None
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.SeparateChannels)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._broken)

    def start(self, order: BatchOrder, command: Sequence[str] = ()) -> None:
        """Start the process."""
        program, *arguments = command or COMMAND
        self._process.start(program, arguments)
        self._process.write(json.dumps(order.to_json()).encode() + b"\n")

    def stop(self) -> None:
        """Finish what is being refined and end."""
        self._process.write(b"stop\n")

    def kill(self) -> None:
        """End at once; what was done is on the disk."""
        self._over = True
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished(5000)

    def _read(self) -> None:
        while self._process.canReadLine():
            event = json.loads(bytes(self._process.readLine().data()))
            match event["event"]:
                case "planned":
                    self.planned.emit(event["total"])
                case "image":
                    self.image_done.emit(BatchImage.of(event))
                case "ended" | "failed":
                    self._last = event  # told once the process has gone

    def _finished(self) -> None:
        self._read()
        if self._over:
            return
        self._over = True
        if self._last is not None and self._last["event"] == "ended":
            self.ended.emit(self._last)
        elif self._last is not None:
            self.failed.emit(Failure(self._last["message"], ""))
        else:
            details = bytes(self._process.readAllStandardError().data()).decode(errors="replace")
            self.failed.emit(
                Failure(tr("The run ended before its time. Start it again to go on"), details)
            )

    def _broken(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and not self._over:
            self._over = True
            self.failed.emit(
                Failure(tr("The run could not be started"), self._process.errorString())
            )


class ProposalStore(QThread):
    """Stores results as proposals of images that are not open, one after the other.

    Parameters
    ----------
    project : Project

    Signals
    -------
    stored(image_id, reason)
        A proposal is stored; or it is not, with the reason.
    """

    stored = Signal(int, str)

    def __init__(self, project: Project, model: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._model = model
        self._images: queue.SimpleQueue[BatchImage | None] = queue.SimpleQueue()

    def add(self, image: BatchImage) -> None:
        """Store the result of an image when its turn comes."""
        self._images.put(image)

    def finish(self) -> None:
        """End once everything is stored."""
        self._images.put(None)

    def run(self) -> None:
        """Store."""
        while (image := self._images.get()) is not None:
            try:
                coarse, refined, certain = image.maps()
                now = self._project.load(image.image_id).coarse_map()
                if not np.array_equal(now, coarse):
                    raise UsageError("it was painted on since the run began")
                self._project.store_proposal(
                    image.image_id, refined, confidence=certain, model=self._model
                )
                reason = ""
            except SpnAnnotatorError as error:
                reason = str(error)
            except Exception as error:  # noqa: BLE001 (a thread has nobody above it)
                reason = Failure.of(error, doing="Storing").message
            self.stored.emit(image.image_id, reason)
