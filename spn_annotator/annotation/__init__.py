"""The document: labels, objects, object map, strokes, proposal and history. NumPy only."""

from spn_annotator.annotation.change import Change, ChangeKind
from spn_annotator.annotation.document import Document
from spn_annotator.annotation.geometry import Point, Rect, Spans, capsule_spans
from spn_annotator.annotation.labels import (
    Color,
    Label,
    LabelSet,
    color_from_hex,
    color_to_hex,
    default_colors,
)
from spn_annotator.annotation.objects import MAX_OBJECT_ID, AnnotatedObject
from spn_annotator.annotation.proposal import PreparedProposal, Proposal, prepare_proposal
from spn_annotator.annotation.state import FREE
from spn_annotator.annotation.strokes import StrokeEdit, StrokeKind

__all__ = [
    "FREE",
    "MAX_OBJECT_ID",
    "AnnotatedObject",
    "Change",
    "ChangeKind",
    "Color",
    "Document",
    "Label",
    "LabelSet",
    "Point",
    "PreparedProposal",
    "Proposal",
    "Rect",
    "Spans",
    "StrokeEdit",
    "StrokeKind",
    "capsule_spans",
    "color_from_hex",
    "color_to_hex",
    "default_colors",
    "prepare_proposal",
]
