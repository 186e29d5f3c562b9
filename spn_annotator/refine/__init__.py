"""The session an application talks to: set an image once, refine many times."""

from spn_annotator.refine.devices import resolve_device
from spn_annotator.refine.proposal import Proposal
from spn_annotator.refine.session import Refiner

__all__ = ["Proposal", "Refiner", "resolve_device"]
