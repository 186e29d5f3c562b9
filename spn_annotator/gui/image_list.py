"""The images of a project in their order, with statuses ahead of what is on the disk. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice

from spn_annotator.errors import UsageError
from spn_annotator.project import ImageQuery, ImageRecord, Project, Status
from spn_annotator.project.ordering import chosen


class ImageList:
    """Order and status of the images; quick with a hundred thousand of them.

    A filter and another order can be laid over it (`show_only`): going to the next image and
    places then follow what is shown. Counts are of all images.

    Parameters
    ----------
    project : Project
        Open and scanned; its list of images is taken now.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        records = project.images()
        self._ids = [record.id for record in records]
        self._shown = self._ids
        self._places = {image_id: place for place, image_id in enumerate(self._ids)}
        self._status: dict[int, Status] = {}
        self._todo = {record.id for record in records if record.status is Status.TODO}
        self._accepted = sum(record.status is Status.ACCEPTED for record in records)
        self._unsaved: set[int] = set()

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def accepted(self) -> int:
        """How many images are accepted."""
        return self._accepted

    @property
    def shown(self) -> Sequence[int]:
        """The images that the filter lets through, in the order chosen; not to be changed."""
        return self._shown

    @property
    def statuses(self) -> dict[int, Status]:
        """Statuses given in this session, by image: ahead of what is on the disk."""
        return dict(self._status)

    def show_only(self, image_ids: Sequence[int]) -> None:
        """Follow a filter and an order."""
        self._shown = list(image_ids)
        self._places = {image_id: place for place, image_id in enumerate(self._shown)}

    def records(self) -> list[ImageRecord]:
        """Return all images."""
        return [self.record(image_id) for image_id in self._ids]

    def record(self, image_id: int) -> ImageRecord:
        """Return an image with its status of this moment; UsageError if there is none."""
        record = self._project.image(image_id)
        status = self._status.get(image_id, record.status)
        return record if status is record.status else replace(record, status=status)

    def place(self, image_id: int | None) -> int:
        """Return the number of an image among those shown, from 1; 0 for none."""
        return 0 if image_id is None else self._places.get(image_id, -1) + 1

    def neighbour(self, image_id: int | None, step: int) -> int | None:
        """Return the image so many places further on, None beyond the ends.

        From an image that the filter hides it goes to the first one, or to the last one.
        """
        place = self.place(image_id) - 1 + step
        if self.place(image_id) == 0:
            place = 0 if step > 0 else len(self._shown) - 1
        return self._shown[place] if 0 <= place < len(self._shown) else None

    def any_todo(self, image_id: int | None) -> bool:
        """Return whether an image other than this one is to do."""
        return len(self._todo) > (image_id in self._todo)

    def next_todo(self, image_id: int | None) -> int | None:
        """Return the next image to do, from the beginning again after the last one.

        Images that are shown come first, then those that the filter hides.
        """
        start = self.place(image_id)
        for candidate in chain(islice(self._shown, start, None), self._shown, self._ids):
            if candidate in self._todo and candidate != image_id:
                return candidate
        return None

    # ---- status ----------------------------------------------------------------------------------

    def set_status(self, image_id: int, status: Status) -> None:
        """Give an image another status; it has to be saved.

        Raises
        ------
        UsageError
            The project is read-only.
        """
        if self._project.read_only_reason is not None:
            raise UsageError(
                f"nothing can be changed here: {self._project.read_only_reason}",
                remedy="Open the project again once it is free",
            )
        before = self.record(image_id).status
        if before is status:
            return
        self._status[image_id] = status
        self._unsaved.add(image_id)
        self._accepted += (status is Status.ACCEPTED) - (before is Status.ACCEPTED)
        if status is Status.TODO:
            self._todo.add(image_id)
        else:
            self._todo.discard(image_id)

    @property
    def unsaved(self) -> frozenset[int]:
        """Images whose status is not on the disk."""
        return frozenset(self._unsaved)

    def take_unsaved(self, image_id: int) -> Status | None:
        """Return the status to be written for an image, once; None if there is none."""
        if image_id not in self._unsaved:
            return None
        self._unsaved.discard(image_id)
        return self._status[image_id]

    def put_back(self, image_id: int) -> None:
        """Say that the status taken could not be written."""
        self._unsaved.add(image_id)


def selected_ids(project: Project, query: ImageQuery, statuses: Mapping[int, Status]) -> list[int]:
    """Return the images a query names, in its order; may be called on any thread.

    Parameters
    ----------
    project : Project
        Asked for what is on the disk.
    query : ImageQuery
        What is wanted.
    statuses : mapping of int to Status
        Statuses that count instead of those on the disk.
    """
    free = replace(query, statuses=None, order="name", descending=False)
    records = [
        replace(record, status=statuses[record.id]) if record.id in statuses else record
        for record in project.select(free)
    ]
    rest = ImageQuery(statuses=query.statuses, order=query.order, descending=query.descending)
    return [record.id for record in chosen(rest, records)]
