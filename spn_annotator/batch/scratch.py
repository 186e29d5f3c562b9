"""Copies of files that lie elsewhere, in a folder that goes when the image is done."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spn_annotator.batch.places import Place
from spn_annotator.errors import SpnAnnotatorError


class Scratch:
    """A folder for copies of what lies elsewhere; made when first needed."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.names: dict[str, str] = {}

    def fetch(self, place: Place, what: str) -> Path:
        """Return a local file with the content of a place."""
        if not place.is_remote:
            return place.path
        folder = self._path() / what
        folder.mkdir(exist_ok=True)
        self.names[str(folder / place.name)] = place.text
        return place.fetch(folder)

    def target(self, place: Place, name: str) -> Path:
        """Return the local file to write for a place, of this name where it is elsewhere."""
        if not place.is_remote:
            place.path.parent.mkdir(parents=True, exist_ok=True)
            return place.path
        return self._path() / name

    @staticmethod
    def send(written: Path, place: Place) -> None:
        """Send a file that was written to where it belongs, if that is elsewhere."""
        if place.is_remote:
            place.store(written)

    def _path(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="spn-batch-")
        return Path(self._folder.name)

    def close(self) -> None:
        """Remove the copies."""
        if self._folder is not None:
            self._folder.cleanup()


@contextmanager
def scratch_folder() -> Iterator[Scratch]:
    """Yield a scratch; errors about its copies become errors about the files they are copies of."""
    scratch = Scratch()
    try:
        yield scratch
    except SpnAnnotatorError as error:
        # A message about a copy is one about the file that the user knows.
        name = scratch.names.get(str(error.path))
        if name is None:
            raise
        renamed = type(error)(f"{name}: {error.message}", remedy=error.remedy)
        raise renamed from error
    finally:
        scratch.close()
