"""The configuration of a training run, one TOML file."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from spn_annotator.errors import FormatError
from spn_annotator.network.model import ModelConfig


class TrainConfig(BaseModel):
    """All that decides what a run does; the same file and seed give the same batches.

    The defaults train a model without a backbone in one go, the first part of the shipped model's
    recipe; all of it lies beside that model, in ``resources/models/recipe``.

    ``kinds`` gives the share of each kind of coarse mask; ``boundary`` how much the pixels at an
    outline count more than others, by data set: little where the ground truth is only near; it
    falls off over ``boundary_falloff`` pixels. The learning rate follows half a cosine, or stays
    and falls to zero over the last ``decay_steps``: such a run can be made longer and resumed as
    long as that fall has not begun. A backbone learns at ``backbone_rate`` times the rate.
    ``closer`` is the share of views that are enlarged, as in a second, closer look.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int = 1
    steps: int = Field(default=3000, ge=1)
    images_per_step: int = Field(default=4, ge=1)
    masks_per_image: int = Field(default=2, ge=1)
    closer: float = Field(default=0.0, ge=0, le=1)
    crop: int = Field(default=192, ge=64, multiple_of=32)
    learning_rate: float = Field(default=1.5e-3, gt=0)
    weight_decay: float = Field(default=0.02, ge=0)
    warm_up_steps: int = Field(default=100, ge=0)
    decay_steps: int | None = Field(default=None, ge=1)
    backbone_rate: float = Field(default=0.1, ge=0)
    ema: float = Field(default=0.997, ge=0, lt=1)
    second_pass: float = Field(default=0.3, ge=0, le=1)
    correction: float = Field(default=0.5, ge=0, le=1)
    held_out: float = Field(default=0.04, ge=0, lt=0.5)
    boundary_falloff: float = Field(default=4.0, gt=0)
    validate_every: int = Field(default=400, ge=1)
    validation_images: int = Field(default=40, ge=1)
    kinds: dict[str, float] = {"perturbed": 0.35, "brush": 0.2, "lowres": 0.2, "scribbles": 0.25}
    boundary: dict[str, float] = {
        "davis": 4.0,
        "horses": 4.0,
        "nuclei": 4.0,
        "bsds500": 3.0,
        "faces-celeb": 2.5,
        "clothing": 2.5,
        "msrc": 0.5,
        "hair": 1.0,
    }
    sets: dict[str, float] = {
        "davis": 1.6,
        "horses": 1.6,
        "hair": 1.4,
        "bsds500": 1.4,
        "faces-celeb": 1.4,
        "clothing": 1.4,
        "msrc": 0.6,
        "nuclei": 0.6,
    }
    workers: int = Field(default=1, ge=0)
    model: ModelConfig = ModelConfig()


def read_config(path: Path | None) -> TrainConfig:
    """Return the configuration in a TOML file, or the default one.

    Raises
    ------
    FormatError
        The file is missing, no TOML, or has an unknown or impossible entry.
    """
    if path is None:
        return TrainConfig()
    try:
        with path.open("rb") as file:
            return TrainConfig.model_validate(tomllib.load(file))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise FormatError(
            f"this is not a readable TOML file ({error})", path=path, remedy="Correct the file"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"])
        raise FormatError(
            f"{where}: {first['msg']}", path=path, remedy="Correct or remove this entry"
        ) from error
