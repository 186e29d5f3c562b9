"""Images whose files are missing or others: what may be done about each. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.gui.i18n import mark, tr
from spn_annotator.project import (
    ImageProblem,
    ImageRecord,
    ProblemKind,
    Project,
    Reason,
    RelinkSuggestion,
)

PROBLEM_WORDS = {
    ProblemKind.MISSING: mark("missing"),
    ProblemKind.CHANGED: mark("changed"),
    ProblemKind.RESIZED: mark("another size"),
    ProblemKind.UNREADABLE: mark("cannot be read"),
    ProblemKind.REFUSED: mark("outside of the folder"),
}
_REASON_WORDS = {
    Reason.CONTENT: mark("same content"),
    Reason.NAME_AND_SIZE: mark("same name and size"),
    Reason.NAME: mark("same name"),
}


@dataclass(frozen=True)
class Choice:
    """A file that an image may be linked to.

    Parameters
    ----------
    path : Path or None
        None: the file that lies there now is taken as right.
    reason : Reason or None
        Why it may be the one; None: the person named it.
    """

    path: Path | None
    reason: Reason | None = None

    @property
    def why(self) -> str:
        """The reason in words."""
        if self.path is None:
            return tr("taken as right")
        return tr("chosen by you") if self.reason is None else tr(_REASON_WORDS[self.reason])


@dataclass(frozen=True)
class LostImage:
    """An image whose file is not the one that was annotated.

    Parameters
    ----------
    record : ImageRecord
    kind : ProblemKind
    detail : str
        What is the matter, as a sentence.
    choices : tuple of Choice
        Files that it may be, the best first.
    chosen : Choice or None
        The one to be linked; None: it stays as it is.
    error : str
        Why it could not be linked; empty if nobody has tried.
    """

    record: ImageRecord
    kind: ProblemKind
    detail: str
    choices: tuple[Choice, ...] = ()
    chosen: Choice | None = None
    error: str = ""

    @classmethod
    def of(cls, problem: ImageProblem, record: ImageRecord) -> LostImage:
        """Return what a check has found; a changed file of the same size can be taken as right."""
        here = (Choice(None),) if problem.kind is ProblemKind.CHANGED else ()
        return cls(record, problem.kind, problem.detail, here)

    @property
    def problem(self) -> str:
        """What is the matter, in a word or two."""
        return tr(PROBLEM_WORDS[self.kind])

    def with_found(self, found: Iterable[RelinkSuggestion]) -> LostImage:
        """Return it with the files of a search in the place of those of the search before.

        A file is chosen at once if its content is the same, or if there is no work to go wrong.
        """
        own = tuple(choice for choice in self.choices if choice.reason is None)
        files = tuple(Choice(item.path, item.reason) for item in found)
        chosen = self.chosen if self.chosen in own else None
        if chosen is None and files:
            safe = files[0].reason is Reason.CONTENT or not self.record.saved
            chosen = files[0] if safe else None
        return replace(self, choices=(*files, *own), chosen=chosen, error="")

    def with_chosen(self, choice: Choice | None) -> LostImage:
        """Return it with a choice, which may be a new one."""
        known = choice is None or choice in self.choices
        choices = self.choices if known else (choice, *self.choices)
        return replace(self, choices=choices, chosen=choice, error="")


def link(
    project: Project,
    images: Iterable[LostImage],
    *,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> dict[int, str]:
    """Link images to the files chosen for them.

    Returns
    -------
    dict of int to str
        By image id: why it did not work, empty if it did. Images without a choice, and those after
        a stop, are not in it.
    """
    chosen = [item for item in images if item.chosen is not None]
    done: dict[int, str] = {}
    for number, item in enumerate(chosen):
        if cancelled():
            break
        progress(number, len(chosen))
        path = item.chosen.path if item.chosen is not None else None
        try:
            if path is None:
                project.confirm_image(item.record.id)
            else:
                project.relink(item.record.id, path)
        except SpnAnnotatorError as error:
            done[item.record.id] = str(error)
        else:
            done[item.record.id] = ""
    return done
