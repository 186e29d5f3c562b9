"""The controller behind the window: one project at a time, its images, documents and workers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from spn_annotator.annotation import Change
from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.gui.autosave import Autosave
from spn_annotator.gui.i18n import tr, tr_n
from spn_annotator.gui.image_list import ImageList
from spn_annotator.gui.opening import Opening
from spn_annotator.gui.session import Session
from spn_annotator.gui.workers.latest import Failure
from spn_annotator.gui.workers.load import Loaded, LoadJob, LoadWorker
from spn_annotator.gui.workers.opening import Opened
from spn_annotator.gui.workers.refine import RefineResult, RefinerFactory, default_refiner
from spn_annotator.gui.workspace_edits import WorkspaceEdits
from spn_annotator.project import Project, Status


class Workspace(WorkspaceEdits):
    """Opens, shows and saves what is worked on; what is done to it: `WorkspaceEdits`.

    Parameters
    ----------
    refiner : callable
        Makes the refiner, on its thread.
    """

    def __init__(
        self, refiner: RefinerFactory = default_refiner, parent: QObject | None = None
    ) -> None:
        super().__init__(refiner, parent)
        #: Asks a person about images with two versions; the window sets it.
        self.decide_versions: Callable[[Project], None] = lambda _: None
        self.unreadable = False
        self.autosave = Autosave(self)
        self.opening = Opening(self)
        self.opening.opened.connect(self._opened)
        self.opening.failed.connect(lambda failure: self.failed.emit(failure, "open"))
        self._loader = LoadWorker(self)
        self._loader.loaded.connect(self._loaded)
        self._loader.failed.connect(self._not_loaded)
        self.painting.began.connect(self._stroke_began)
        self.painting.refused.connect(lambda failure: self.said.emit(failure.message))
        self.painting.said.connect(lambda text: self.said.emit(tr(text)))
        self.painting.region_drawn.connect(self.refine_region)
        self.painting.part_drawn.connect(self.accept_part)
        self.refining.refined.connect(self._refined)
        self.refining.outdated.connect(self._outdated)
        self.refining.failed.connect(lambda failure: self.failed.emit(failure, "refine"))
        self.refining.busy_changed.connect(lambda _: self.state_changed.emit())
        self.autosave.failed.connect(lambda failure: self.failed.emit(failure, "save"))
        self.autosave.recovered.connect(lambda: self.recovered.emit("save"))
        self.autosave.state_changed.connect(lambda _: self.state_changed.emit())

    # ---- project ---------------------------------------------------------------------------------

    def open(self, path: Path, *, prepare: Callable[[], object] | None = None) -> bool:
        """Close the project and open a folder or an image, on a thread; `opened` tells the end.

        Parameters
        ----------
        path : Path
            A folder or an image.
        prepare : callable, optional
            Makes what lies at the path, on the thread.

        Returns
        -------
        bool
            Whether it has begun: what is open may not be saved.
        """
        if not self.close_project():
            return False
        self.opening.begin(path, prepare)
        return True

    def _opened(self, result: Opened) -> None:
        project, image_id = result.project, result.image_id
        images: ImageList | None = result.images
        if project.recovery.undecided:
            self.decide_versions(project)
            images = None  # what is decided changes statuses
        self.session = Session(project, self._document_changed, images=images)
        self.autosave.set_session(self.session)
        self.refining.set_session(self.session)
        self.recovered.emit("open")
        if project.read_only_reason:
            text = tr("Nothing can be saved: {reason}", reason=project.read_only_reason)
            self.failed.emit(Failure(text, str(project.path)), "read-only")
        self.project_changed.emit()
        count = len(project.recovery.recovered)
        if count:
            self.said.emit(
                tr_n(
                    "Work that could not be saved is there again: {n} image",
                    "Work that could not be saved is there again: {n} images",
                    count,
                )
            )
        if project.migrated_from is not None:
            backup = project.migrated_from[1]
            self.said.emit(
                tr("The project is of this version now; as it was: {name}", name=backup.name)
            )
        if image_id is None:
            image_id = self._first_image()
        if image_id is None:
            self.image_changed.emit()
            self.state_changed.emit()
        else:
            self.go_to(image_id)
        self.opened.emit(result.job.path)

    def close_project(self) -> bool:
        """Save and close the project; False, with the reason shown, if it cannot be saved."""
        if self.session is None:
            return True
        failure = self.autosave.flush()
        if failure is not None:
            self.failed.emit(failure, "save")
            return False
        self.abandon_project()
        return True

    def abandon_project(self) -> None:
        """Close the project with what is saved; the rest is lost."""
        if self.session is None:
            return
        self.image_leaving.emit()
        self.project_closing.emit()
        self.refining.set_session(None)
        self.autosave.set_session(None)
        self._loader.forget_waiting()
        session, self.session = self.session, None
        if session.unsaved():
            session.project.drop_rescued()  # the person said that it may be lost
        self.picture = None
        self.unreadable = False
        session.close()
        for topic in ("read-only", "load", "refine", "save"):
            self.recovered.emit(topic)
        self.project_changed.emit()
        self.image_changed.emit()
        self.state_changed.emit()

    def stop(self) -> None:
        """End all threads; the project must be closed."""
        self.opening.stop()
        self._loader.stop()
        self.painting.stop()
        self.refining.stop()
        self.autosave.stop()

    # ---- images ----------------------------------------------------------------------------------

    def go_to(self, image_id: int | None) -> None:
        """Show another image; it is read on a thread."""
        session = self.session
        if session is None or image_id is None:
            return
        if image_id == session.image_id and (self.picture is not None or not self.unreadable):
            return
        self.image_leaving.emit()
        self.autosave.save_now()
        session.go_to(image_id)
        self.picture = None
        self.unreadable = False
        self.refining.set_image(None, None)
        self.recovered.emit("load")
        try:
            path = session.image_path(image_id)
        except SpnAnnotatorError as error:
            self._not_loaded(image_id, Failure.of(error, doing="Opening"))
            return
        known = session.document_of(image_id) is not None
        project = session.project
        load = None if known else lambda: project.load(image_id)
        page = session.images.record(image_id).page
        self._loader.submit(LoadJob(image_id, path, load, page))
        self.image_changed.emit()
        self.labels_changed.emit()
        self.state_changed.emit()

    def reread_images(self) -> None:
        """Follow the project after files of images were linked again; all must be saved."""
        session = self.session
        if session is None:
            return
        before = session.image_id
        session.images = ImageList(session.project)
        self.project_changed.emit()
        known = {record.id for record in session.images.records()}
        image_id = before if before in known else self._first_image()
        if image_id != before or self.unreadable:
            self.go_to(image_id)
            return
        if before is not None and not session.images.record(before).changed:
            self.recovered.emit("load")
        self.state_changed.emit()

    def step(self, places: int) -> None:
        """Show the image so many places further on."""
        if self.session is not None:
            self.go_to(self.session.images.neighbour(self.session.image_id, places))

    def next_todo(self) -> None:
        """Show the next image that nobody has worked on."""
        if self.session is not None:
            self.go_to(self.session.images.next_todo(self.session.image_id))

    @property
    def file_is_missing(self) -> bool:
        """Whether there is no file where the image at hand should lie."""
        session = self.session
        if session is None or session.image_id is None:
            return False
        try:
            return not session.image_path(session.image_id).exists()
        except SpnAnnotatorError:
            return False  # it may not lie where it is said to

    def toggle_accepted(self) -> None:
        """Mark the image as accepted, or as in progress again."""
        session = self.session
        if session is None or session.image_id is None:
            return
        accepted = session.images.record(session.image_id).status is Status.ACCEPTED
        image_id, status = session.image_id, Status.IN_PROGRESS if accepted else Status.ACCEPTED
        if not self.attempt(lambda session: session.images.set_status(image_id, status)):
            return
        self.said.emit(tr("Marked as in progress") if accepted else tr("Marked as accepted"))
        self.status_changed.emit(session.image_id)
        self.autosave.changed()
        self.state_changed.emit()

    # ---- what workers say ------------------------------------------------------------------------

    def _loaded(self, result: Loaded) -> None:
        session = self.session
        if session is None or result.image_id != session.image_id:
            return
        if result.document is not None:
            if result.document.shape != result.picture.rgb.shape[:2]:
                text = tr("The image is not as large as its file says; it was left alone")
                self._not_loaded(result.image_id, Failure(text, ""))
                return
            session.adopt(result.image_id, result.document)
        record = session.images.record(result.image_id)
        if record.changed:
            text = tr("The image is not the file that was annotated. Look closely before you go on")
            self.failed.emit(Failure(text, record.path), "load")
        self.picture = result.picture
        self.refining.set_image(result.image_id, result.picture.rgb)
        self.status_changed.emit(result.image_id)
        self.image_changed.emit()
        self.labels_changed.emit()
        self.state_changed.emit()

    def _not_loaded(self, image_id: int, failure: Failure) -> None:
        if self.session is None or image_id != self.session.image_id:
            return
        self.unreadable = True
        self.failed.emit(failure, "load")
        self.image_changed.emit()
        self.state_changed.emit()

    def _document_changed(self, image_id: int, change: Change) -> None:
        session = self.session
        if session is None:
            return
        self.autosave.changed()
        self.status_changed.emit(image_id)
        if image_id != session.image_id:
            return
        self.document_changed.emit(change)
        if change.kind == "labels":
            self.labels_changed.emit()
        self.refining.follow(image_id, change)
        self.state_changed.emit()

    def _stroke_began(self) -> None:
        self.refining.prepare()

    def _refined(self, result: RefineResult) -> None:
        self.recovered.emit("refine")
        if result.changed:
            self.said.emit(
                tr_n("{n} pixel would change", "{n} pixels would change", result.changed)
            )
        else:
            self.said.emit(tr("Nothing would change"))

    def _outdated(self) -> None:
        self.said.emit(tr("The image has changed meanwhile; the proposal was dropped"))
        self.state_changed.emit()

    # ---- helpers ---------------------------------------------------------------------------------

    def _first_image(self) -> int | None:
        """Return where to begin: the first image to do, else the first one."""
        assert self.session is not None
        records = self.session.images.records()
        todo = (record.id for record in records if record.status is Status.TODO)
        return next(todo, records[0].id if records else None)
