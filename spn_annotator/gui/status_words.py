"""What the statuses of images are called in the person's language. No widgets."""

from __future__ import annotations

from spn_annotator.gui.i18n import mark, tr
from spn_annotator.project import Status

STATUS_WORDS = {
    Status.TODO: mark("to do"),
    Status.IN_PROGRESS: mark("in progress"),
    Status.PROPOSED: mark("proposed"),
    Status.ACCEPTED: mark("accepted"),
    Status.REJECTED: mark("rejected"),
}


def status_text(status: Status) -> str:
    """Return the name of a status."""
    return tr(STATUS_WORDS[status])
