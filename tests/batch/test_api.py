"""What scripts call: `from spn_annotator import Refiner, refine_dataset`."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import spn_annotator
from spn_annotator.batch import dataset
from spn_annotator.formats.images import write_image
from spn_annotator.formats.masks import write_label_map
from spn_annotator.paths import default_model_path

needs_model = pytest.mark.skipif(
    not default_model_path().is_file(), reason="the model is not in resources/models"
)


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import spn_annotator, sys; print({'torch', 'numpy', 'PySide6'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_package_lists_what_it_offers() -> None:
    assert set(spn_annotator.__all__) <= set(dir(spn_annotator))
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = spn_annotator.nothing_such


@needs_model
@pytest.mark.slow
def test_the_examples_of_the_package_hold() -> None:
    assert doctest.testmod(spn_annotator).failed == 0


@needs_model
@pytest.mark.slow
def test_the_example_of_a_data_set_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "coarse").mkdir()
    write_image(tmp_path / "images" / "cat.png", np.full((48, 64, 3), 90, np.uint8))
    mask = np.zeros((48, 64), np.uint8)
    mask[10:30, 20:50] = 1
    write_label_map(tmp_path / "coarse" / "cat.png", mask)
    monkeypatch.chdir(tmp_path)
    examples = doctest.DocTestFinder(recurse=False).find(
        dataset.refine_dataset, "refine_dataset", module=dataset
    )
    outcomes = [doctest.DocTestRunner().run(example) for example in examples]
    assert [(o.failed, o.attempted > 0) for o in outcomes] == [(0, True)]
