"""Filtering and sorting images off the GUI thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal

from spn_annotator.gui.image_list import selected_ids
from spn_annotator.gui.workers.latest import Failure, LatestWorker
from spn_annotator.project import ImageQuery, Project, Status


@dataclass(frozen=True, eq=False)
class QueryJob:
    """Which images are wanted.

    Parameters
    ----------
    project : Project
    query : ImageQuery
    statuses : mapping of int to Status
        Statuses that are ahead of those on the disk, by image.
    """

    project: Project
    query: ImageQuery
    statuses: Mapping[int, Status]


class QueryWorker(LatestWorker):
    """Answers the newest question.

    Signals
    -------
    answered(job, image_ids)
        A list of ids in the order that was asked for.
    failed(job, failure)
        The project cannot be asked; a Failure.
    """

    answered = Signal(object, object)
    failed = Signal(object, object)

    def work(self, job: Any) -> None:
        """Answer one question."""
        assert isinstance(job, QueryJob)
        try:
            found = selected_ids(job.project, job.query, job.statuses)
        except Exception as error:  # noqa: BLE001 (a thread has nobody above it)
            self.failed.emit(job, Failure.of(error, doing="Filtering the images"))
            return
        self.answered.emit(job, found)
