"""The files of the images: missing, moved or changed ones are found; their annotations wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from spn_annotator.errors import FileReadError, UsageError
from spn_annotator.formats.images import read_size
from spn_annotator.project import review_store, store
from spn_annotator.project.examining import ImageProblem, ProblemKind, examine
from spn_annotator.project.files import FileCatalogue
from spn_annotator.project.fingerprints import Fingerprint
from spn_annotator.project.pages import pages_of, size_of
from spn_annotator.project.records import Action, ImageRecord
from spn_annotator.project.searching import RelinkSuggestion, Wanted, search


class LinkedCatalogue(FileCatalogue):
    """Adds the checks and links of image files."""

    def add_image(self, path: Path | str) -> ImageRecord:
        """Add one image, wherever it lies; one that is listed already is returned.

        Of a TIFF with several pages each becomes an image; the first is returned.

        An image outside of the folder is stored as the way there from the folder, so that both can
        be moved together, and absolute where there is no way (another drive).

        Raises
        ------
        FileReadError
            It is missing or no image.
        FormatError
            It is a link in the folder that leads out of it.
        SaveError
            It cannot be stored.
        """
        path = Path(path)
        read_size(path)
        stored, is_outside = self._stored(path)
        with self._mutex:
            known = self.find(path.absolute())
            if known is not None:
                return known
            self._check_writable()
            pages = [(stored, page) for page in range(pages_of(path))]
            with self._database.writing() as connection:
                added = store.add_images(connection, pages, outside=is_outside)
                self._note(connection, added[0].id, Action.ADDED, detail=stored)
            self._take_in(added)
            return added[0]

    def check_images(
        self,
        *,
        progress: Callable[[int, int], None] = lambda done, total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[ImageProblem]:
        """Look for images that are missing, or are not the file that was annotated.

        Size and time of each file are looked at; one is read whole only where they are not what
        they were. What is found is flagged in the catalogue, and kept where the project can be
        written to. Annotations are never touched.

        Parameters
        ----------
        progress : callable
            Called as ``progress(done, total)``.
        cancelled : callable
            Asked before each image; what was found until then is returned and flagged.

        Raises
        ------
        FileReadError
            The project file cannot be read.
        SaveError
            What was found cannot be stored.
        """
        records = self.images()
        with self._database.reading() as connection:
            known = store.read_fingerprints(connection)
        problems: list[ImageProblem] = []
        renewed: dict[int, Fingerprint] = {}
        looked_at: list[ImageRecord] = []
        for number, record in enumerate(records):
            if cancelled():
                break
            if number % 100 == 0:
                progress(number, len(records))
            looked_at.append(record)
            fingerprint = known.get(record.id) if record.saved else None
            found = examine(record, self.image_path, fingerprint)
            if isinstance(found, ImageProblem):
                problems.append(found)
            elif found is not None:
                renewed[record.id] = found
        progress(len(looked_at), len(records))
        self._flag(looked_at, problems, renewed)
        return problems

    def suggest_relinks(
        self,
        folder: Path | str | None = None,
        *,
        image_ids: Iterable[int] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[RelinkSuggestion]:
        """Look for files that may be missing or changed images.

        Parameters
        ----------
        folder : Path or str, optional
            Where to look, with the folders inside; the project folder if it is not named.
        image_ids : iterable of int, optional
            What to look for; all images flagged as missing or changed if they are not named.
        cancelled : callable
            Asked now and then; what was found until then is returned.

        Returns
        -------
        list of RelinkSuggestion
            Image by image, the best first.
        """
        if image_ids is None:
            records = [item for item in self.images() if item.missing or item.changed]
        else:
            records = [self.image(image_id) for image_id in image_ids]
        with self._database.reading() as connection:
            known = store.read_fingerprints(connection)
        where = self.folder if folder is None else Path(folder)
        if not where.is_dir():
            raise FileReadError("is no folder", path=where, remedy="Name the folder to look into")
        wanted = [Wanted(record, known.get(record.id)) for record in records]
        return search(where, wanted, taken=self._has_work, cancelled=cancelled)

    def relink(self, image_id: int, path: Path | str) -> ImageRecord:
        """Say where the file of an image is now; its annotations go on with that one.

        A file that is listed as another image without any work takes that one's place. Pages of a
        TIFF are linked one by one.

        Raises
        ------
        FileReadError
            There is no image at the path.
        MaskSizeError
            It has another size than the annotations. Nothing is changed.
        UsageError
            It is another image of the project, with work of its own.
        SaveError
            It cannot be stored.
        """
        path = Path(path)
        stored, is_outside = self._stored(path)
        record = self.image(image_id)
        size = size_of(path, record.page)
        with self._mutex:
            record = self.image(image_id)
            self._check_writable()
            self._check_size(record, path, size)
            other = self.find(path.absolute(), page=record.page)
            if other is not None and other.id == image_id:
                return self.confirm_image(image_id)
            if other is not None and self._has_work(path, page=record.page):
                raise UsageError(
                    f"{stored} is another image of the project, with work of its own",
                    remedy="Choose another file",
                )
            fingerprint = _read(path) if record.saved else None
            with self._database.writing() as connection:
                if other is not None:
                    store.remove_image(connection, other.id)
                store.set_path(connection, image_id, stored, outside=is_outside)
                if fingerprint is not None:
                    store.write_fingerprint(connection, image_id, fingerprint)
                detail = f"{record.path} -> {stored}"
                self._note(connection, image_id, Action.RELINKED, detail=detail)
            if other is not None:
                del self._images[other.id]
            now = replace(record, path=stored, outside=is_outside, missing=False, changed=False)
            self._seen.pop(image_id, None)
            self._with_fingerprint.discard(image_id)
            self._take_in([now])
            return now

    def confirm_image(self, image_id: int) -> ImageRecord:
        """Say that the file that lies there now is the right one, though it has changed.

        Raises
        ------
        FileReadError
            There is none, or it is no image.
        MaskSizeError
            It has another size than the annotations. Nothing is changed.
        SaveError
            It cannot be stored.
        """
        with self._mutex:
            record = self.image(image_id)
            self._check_writable()
            path = self.image_path(image_id)
            self._check_size(record, path, size_of(path, record.page))
            fingerprint = _read(path)
            with self._database.writing() as connection:
                store.write_fingerprint(connection, image_id, fingerprint)
                store.set_changed(connection, [image_id], changed=False)
                store.set_missing(connection, [image_id], missing=False)
                self._note(connection, image_id, Action.CONFIRMED)
            self._images[image_id] = replace(record, missing=False, changed=False)
            return self._images[image_id]

    # -- helpers ---------------------------------------------------------------------------------

    def _has_work(self, path: Path, *, page: int = 0) -> bool:
        """Return whether a file is an image of the project with anything stored about it."""
        record = self.find(path.absolute(), page=page)
        if record is None:
            return False
        if record.saved or record.proposed:
            return True
        with self._database.reading() as connection:
            return bool(review_store.read_comments(connection, record.id))

    def _flag(
        self,
        records: list[ImageRecord],
        problems: list[ImageProblem],
        renewed: dict[int, Fingerprint],
    ) -> None:
        kinds = {problem.image_id: problem.kind for problem in problems}
        others = (ProblemKind.CHANGED, ProblemKind.RESIZED, ProblemKind.UNREADABLE)
        flags: dict[int, tuple[bool, bool]] = {}
        for record in records:
            kind = kinds.get(record.id)
            wanted = (kind is ProblemKind.MISSING, kind in others)
            if (record.missing, record.changed) != wanted:
                flags[record.id] = wanted
        with self._mutex:
            if (flags or renewed) and not self.read_only:
                with self._database.writing() as connection:
                    for image_id, (missing, changed) in flags.items():
                        store.set_missing(connection, [image_id], missing=missing)
                        store.set_changed(connection, [image_id], changed=changed)
                    for image_id, fingerprint in renewed.items():
                        store.write_fingerprint(connection, image_id, fingerprint)
            for image_id, (missing, changed) in flags.items():
                if image_id in self._images:
                    self._images[image_id] = replace(
                        self._images[image_id], missing=missing, changed=changed
                    )


def _read(path: Path) -> Fingerprint:
    try:
        return Fingerprint.of(path)
    except OSError as error:
        raise FileReadError(
            f"cannot be read ({error.strerror})", path=path, remedy="Check its permissions"
        ) from error
