"""Folders to work on, and a model that needs no time."""

from __future__ import annotations

from pathlib import Path

import pytest

from spn_annotator.formats.images import write_image
from spn_annotator.formats.masks import write_label_map
from tests.cli.support import MASK, NOISE, Settler


@pytest.fixture
def quick_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the stand-in in the model's place."""
    for name in ("refine", "demo"):
        monkeypatch.setattr(
            f"spn_annotator.cli.{name}.model_choice", lambda model, device, **_: Settler
        )


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Make ``images`` and ``coarse`` with the matching files a and b."""
    for name in ("images", "coarse"):
        (tmp_path / name).mkdir()
    for stem in ("a", "b"):
        write_image(tmp_path / "images" / f"{stem}.png", NOISE)
        write_label_map(tmp_path / "coarse" / f"{stem}.png", MASK)
    return tmp_path
