"""Options that several commands share, and what their texts mean."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spn_annotator.batch.looks import LOOKS
from spn_annotator.errors import UsageError

if TYPE_CHECKING:
    from spn_annotator.batch.refiners import RefinerMaker
    from spn_annotator.formats.masks import Unknown


class Device(StrEnum):
    """Where the model runs."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


class PrecisionChoice(StrEnum):
    """In what precision the model's convolutions are worked out."""

    AUTO = "auto"
    SINGLE = "32"
    BF16 = "bf16"


OutOption = Annotated[Path, typer.Option("--out", help="Folder to write to; made if missing.")]
ModelOption = Annotated[
    Path | None, typer.Option("--model", help="Model file; the one that ships without it.")
]
DeviceOption = Annotated[Device, typer.Option("--device", help="Where the model runs.")]
PrecisionOption = Annotated[
    PrecisionChoice,
    typer.Option(
        "--precision",
        help="Of the convolutions: auto is bf16 on CPUs with hardware for it, which is faster; 32 "
        "gives the same masks on every CPU.",
    ),
]


def model_choice(
    model: Path | None,
    device: Device,
    *,
    looks: int = LOOKS,
    precision: PrecisionChoice = PrecisionChoice.AUTO,
) -> RefinerMaker:
    """Return what loads the model, in this process or in others."""
    from spn_annotator.batch.refiners import ModelChoice

    return ModelChoice(model, device.value, rounds=looks, precision=precision.value)


def mask_value(text: str, *, option: str = "--unknown") -> Unknown:
    """Return the value of unknown pixels: a number, "auto" or None."""
    word = text.strip().lower()
    if word == "auto":
        return "auto"
    if word == "none":
        return None
    if word.isascii() and word.isdecimal() and int(word) <= 65535:
        return int(word)
    raise UsageError(f"{option} {text} is no mask value", remedy="Give 0 to 65535, none or auto")


def label_ids(text: str | None) -> list[int] | None:
    """Return the ids in a text such as 1,4; None where there is no text."""
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() and int(part) <= 65535 for part in parts):
        raise UsageError(
            f"--labels {text} is no list of ids", remedy="Give ids of 0 to 65535, as in 1,4"
        )
    return [int(part) for part in parts]
