"""The examples of the documentation hold, and what it says exists."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import numpy as np
import pytest

from spn_annotator.formats.images import write_image
from spn_annotator.formats.masks import write_label_map
from spn_annotator.paths import default_model_path
from tests.conftest import REPOSITORY


@pytest.mark.slow
@pytest.mark.skipif(
    not default_model_path().is_file(), reason="the model is not in resources/models"
)
def test_the_examples_of_the_page_on_batches_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("images", "coarse"):
        (tmp_path / name).mkdir()
    write_image(tmp_path / "images" / "cat.png", np.full((48, 64, 3), 90, np.uint8))
    mask = np.zeros((48, 64), np.uint8)
    mask[10:30, 20:50] = 1
    write_label_map(tmp_path / "coarse" / "cat.png", mask)
    monkeypatch.chdir(tmp_path)
    found = doctest.testfile(str(REPOSITORY / "docs" / "batch.md"), module_relative=False)
    assert found.failed == 0
    assert found.attempted > 20


@pytest.mark.parametrize("page", ["batch.md", "cluster.md"])
def test_every_option_that_a_page_names_exists(page: str) -> None:
    from typer.main import get_command

    from spn_annotator.cli.app import app

    command = get_command(app).commands["refine"]  # type: ignore[attr-defined]
    known = {option for parameter in command.params for option in parameter.opts}
    text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    refine = " ".join(re.findall(r"spn-annotator refine[^\n]*|`--[a-z-]+[^`]*`", text))
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", refine))
    assert named - known == set()
    assert named


def test_the_cluster_file_is_yaml_with_what_ray_asks_for() -> None:
    yaml = pytest.importorskip("yaml")
    text = (REPOSITORY / "docs" / "cluster.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert block is not None
    cluster = yaml.safe_load(block.group(1))
    assert cluster["head_node_type"] in cluster["available_node_types"]
    assert cluster["provider"]["type"] == "aws"
    assert all("node_config" in kind for kind in cluster["available_node_types"].values())
