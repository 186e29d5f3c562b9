"""A recipe that trains in seconds."""

from __future__ import annotations

from spn_annotator.network.model import ModelConfig
from spn_annotator.training.config import TrainConfig

SMALL_MODEL = ModelConfig(image_widths=(8, 8, 8, 8, 8), mask_widths=(8, 8, 8, 8, 8))
CONFIG = TrainConfig(
    steps=4,
    images_per_step=2,
    masks_per_image=2,
    crop=64,
    validate_every=2,
    validation_images=1,
    held_out=0.3,
    warm_up_steps=1,
    workers=0,
    second_pass=0.5,
    model=SMALL_MODEL,
)
