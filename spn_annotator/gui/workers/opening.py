"""Opening projects off the GUI thread: a folder of many images takes a while to look through."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal

from spn_annotator.gui.i18n import tr
from spn_annotator.gui.image_list import ImageList
from spn_annotator.gui.workers.latest import Failure, LatestWorker
from spn_annotator.project import Project, open_path


@dataclass(frozen=True, eq=False)
class OpenJob:
    """Something to open.

    Parameters
    ----------
    path : Path
        A folder or an image.
    prepare : callable or None
        Makes what lies at the path, if it is not there yet.
    """

    path: Path
    prepare: Callable[[], object] | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, eq=False)
class Opened:
    """A project that was opened; who gets it closes it.

    Parameters
    ----------
    job : OpenJob
    project : Project
        Its folder was looked through.
    images : ImageList
        Its images in their order.
    image_id : int or None
        The image that was named, if one was.
    """

    job: OpenJob
    project: Project
    images: ImageList
    image_id: int | None


class OpenWorker(LatestWorker):
    """Opens the newest thing asked for.

    Signals
    -------
    opened(result)
        An Opened.
    failed(job, failure)
        It cannot be opened; a Failure.
    """

    opened = Signal(object)
    failed = Signal(object, object)

    def work(self, job: Any) -> None:
        """Open one project; a cancelled one is closed again."""
        assert isinstance(job, OpenJob)
        project = None
        try:
            if job.prepare is not None:
                job.prepare()
            if job.cancelled.is_set():
                return
            project, image_id = open_path(job.path)
            images = ImageList(project)
        except Exception as error:  # noqa: BLE001 (a thread has nobody above it)
            if project is not None:
                project.close()
            self.failed.emit(
                job, Failure.of(error, doing=tr("Opening of {name}", name=job.path.name))
            )
            return
        if job.cancelled.is_set():
            project.close()
        else:
            self.opened.emit(Opened(job, project, images, image_id))
