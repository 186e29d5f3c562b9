"""The window with the model that ships, on a photograph."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings

from spn_annotator.gui.settings import Settings
from spn_annotator.gui.theme import Theme
from spn_annotator.gui.window import MainWindow
from spn_annotator.paths import default_model_path
from tests.gui.hand import Hand


@pytest.mark.slow
@pytest.mark.skipif(not default_model_path().is_file(), reason="no model is installed")
def test_a_rough_mask_on_a_photograph_becomes_another_one(qapp, qtbot, tmp_path: Path) -> None:
    from spn_annotator.samples import sample_project

    folder = sample_project(tmp_path / "samples")
    theme = Theme()
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    window = MainWindow(Settings(store), theme)
    theme.setParent(window)
    window.show()
    hand = Hand(window, qtbot)
    try:
        hand.open(folder)
        before = hand.document.object_map.copy()
        hand.key("r")
        hand.wait(
            lambda: hand.document.proposal is not None or window.errors.isVisible(), timeout=120_000
        )
        assert window.errors.text == ""
        hand.act("accept")
        after = hand.document.object_map
        assert (after != before).any()
        assert (after != before).mean() < 0.2, "the model moves borders, it does not repaint"
        assert set(np.unique(after)) <= set(np.unique(before)) | {0}
        hand.act("undo")
        np.testing.assert_array_equal(hand.document.object_map, before)
    finally:
        window.workspace.abandon_project()
        window.close()
        window.deleteLater()
