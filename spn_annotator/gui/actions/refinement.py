"""Asking for proposals and settling them."""

from __future__ import annotations

from spn_annotator.gui.actions.spec import ActionSpec, has_image

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        id="refine",
        text="&Refine",
        group="Refinement",
        keys=("R",),
        tip="Let the model move the painted borders to the edges in the image",
        icon="refine",
        enabled=lambda state: state.can_refine and not state.stroke,
    ),
    ActionSpec(
        id="live",
        text="&Live",
        group="Refinement",
        keys=("L",),
        tip="Refine by itself after each stroke",
        icon="live",
        enabled=has_image,
        checkable=True,
    ),
    ActionSpec(
        id="scribbles",
        text="Unpainted is &unknown",
        group="Refinement",
        keys=("U",),
        tip="For a few lines instead of rough areas: what has no stroke is left to the model",
        enabled=has_image,
        checkable=True,
    ),
    ActionSpec(
        id="accept",
        text="&Accept",
        group="Refinement",
        keys=("Return", "Enter"),
        tip="Take the proposal over",
        icon="accept",
        enabled=lambda state: state.proposal and not state.stroke,
    ),
    ActionSpec(
        id="drop",
        text="&Drop",
        group="Refinement",
        keys=("Esc",),
        tip="Drop the proposal, or the stroke or refinement under way; strokes stay",
        icon="drop",
        enabled=lambda state: state.proposal or state.stroke or state.refining,
    ),
)
