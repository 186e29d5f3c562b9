"""TIFF files with several pages: each is an image of its own."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.gui.hand import Hand


def test_each_page_is_shown_and_painted_by_itself(hand: Hand, tmp_path: Path) -> None:
    folder = tmp_path / "stack"
    folder.mkdir()
    pages = [Image.new("RGB", (90, 70), color) for color in ("red", "blue")]
    pages[0].save(folder / "scan.tif", save_all=True, append_images=pages[1:])
    hand.open(folder)
    picture = hand.window.workspace.picture
    assert picture is not None
    assert tuple(picture.rgb[5, 5]) == (255, 0, 0)
    hand.act("next_image")
    hand.wait(lambda: hand.window.workspace.picture not in (None, picture))
    second = hand.window.workspace.picture
    assert second is not None
    assert tuple(second.rgb[5, 5]) == (0, 0, 255)
    assert "scan.tif (2)" in hand.window.windowTitle()
