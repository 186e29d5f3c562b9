"""The images of a project in their order, with statuses ahead of what is on the disk. No Qt."""

from __future__ import annotations

from dataclasses import replace

from spn_annotator.errors import UsageError
from spn_annotator.project import ImageRecord, Project, Status


class ImageList:
    """Order and status of the images; quick with a hundred thousand of them.

    Parameters
    ----------
    project : Project
        Open and scanned; its list of images is taken now.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        records = project.images()
        self._ids = [record.id for record in records]
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

    def records(self) -> list[ImageRecord]:
        """Return all images."""
        return [self.record(image_id) for image_id in self._ids]

    def record(self, image_id: int) -> ImageRecord:
        """Return an image with its status of this moment; UsageError if there is none."""
        record = self._project.image(image_id)
        status = self._status.get(image_id, record.status)
        return record if status is record.status else replace(record, status=status)

    def place(self, image_id: int | None) -> int:
        """Return the number of an image, from 1; 0 for none."""
        return 0 if image_id is None else self._places.get(image_id, -1) + 1

    def neighbour(self, image_id: int | None, step: int) -> int | None:
        """Return the image so many places further on, None beyond the ends."""
        place = self.place(image_id) - 1 + step
        if self.place(image_id) == 0:
            place = 0 if step > 0 else -1
        return self._ids[place] if 0 <= place < len(self._ids) else None

    def any_todo(self, image_id: int | None) -> bool:
        """Return whether an image other than this one is to do."""
        return len(self._todo) > (image_id in self._todo)

    def next_todo(self, image_id: int | None) -> int | None:
        """Return the next image to do, from the beginning again after the last one."""
        start = self.place(image_id)
        for candidate in self._ids[start:] + self._ids[:start]:
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
