"""Reading images off the GUI thread."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal

from spn_annotator.annotation import Document
from spn_annotator.formats.images import read_grey16, read_image
from spn_annotator.gui.canvas.picture import Picture
from spn_annotator.gui.i18n import tr
from spn_annotator.gui.workers.latest import Failure, LatestWorker


@dataclass(frozen=True)
class LoadJob:
    """An image to read.

    Parameters
    ----------
    image_id : int
        Which image it is.
    path : Path
        Its file.
    load_document : callable or None
        Reads its annotations; None if they are open already.
    page : int
        Of a TIFF with several pages, from 0.
    """

    image_id: int
    path: Path
    load_document: Callable[[], Document] | None = None
    page: int = 0


@dataclass(frozen=True, eq=False)
class Loaded:
    """An image that was read."""

    image_id: int
    picture: Picture
    document: Document | None


class LoadWorker(LatestWorker):
    """Reads the newest image asked for.

    Signals
    -------
    loaded(result)
        A Loaded.
    failed(image_id, failure)
        The file cannot be read; a Failure.
    """

    loaded = Signal(object)
    failed = Signal(int, object)

    def work(self, job: Any) -> None:
        """Read one image and make its halves."""
        assert isinstance(job, LoadJob)
        try:
            # The picture first: while it is decoded it takes more memory than afterwards.
            picture = Picture.build(
                read_image(job.path, page=job.page), read_grey16(job.path, page=job.page)
            )
            document = None if job.load_document is None else job.load_document()
            if document is not None:
                document.count_areas(seconds=math.inf)  # the window need not do it then
        except Exception as error:  # noqa: BLE001 (a thread has nobody above it)
            self.failed.emit(
                job.image_id, Failure.of(error, doing=tr("Reading of {name}", name=job.path.name))
            )
            return
        self.loaded.emit(Loaded(job.image_id, picture, document))
