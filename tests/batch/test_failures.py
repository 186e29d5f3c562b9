"""One bad image costs itself alone, and leaves no file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from spn_annotator.errors import FormatError
from spn_annotator.formats.masks import write_label_map
from tests.batch.support import RECORDS, GrowingRefiner, images, mask, masks, outcome, run


class TestFailures:
    """One bad image costs itself alone, and leaves no file."""

    def failing(self, tmp_path: Path, refiner: GrowingRefiner | None = None, **options: Any) -> str:
        """Run with the image ``a`` bad and ``b`` good; return the reason."""
        images(tmp_path / "images", "b.png")
        masks(tmp_path / "coarse", b=mask())
        report = run(tmp_path, refiner, **options)
        assert outcome(report) == {"a": "failed", "b": "refined"}
        assert not report.is_clean
        files = sorted(path.name for path in (tmp_path / "out").iterdir())
        assert files == ["b.png", *RECORDS]
        error = report.jobs[0].error
        assert error is not None
        assert "\n" not in error
        return error

    def test_a_text_file_named_jpg(self, tmp_path: Path) -> None:
        images(tmp_path / "images")
        (tmp_path / "images" / "a.jpg").write_text("no picture")
        masks(tmp_path / "coarse", a=mask())
        assert f"{tmp_path / 'images' / 'a.jpg'}: is not a JPEG" in self.failing(tmp_path)

    def test_a_truncated_image(self, tmp_path: Path) -> None:
        path = images(tmp_path / "images", "a.png") / "a.png"
        path.write_bytes(path.read_bytes()[:-40])
        masks(tmp_path / "coarse", a=mask())
        assert "a.png: is damaged or cut short" in self.failing(tmp_path)

    def test_a_truncated_mask(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png")
        path = masks(tmp_path / "coarse", a=mask()) / "a.png"
        path.write_bytes(path.read_bytes()[:-20])
        assert f"{path}: is damaged or cut short" in self.failing(tmp_path)

    def test_a_colour_picture_as_mask(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png")
        images(tmp_path / "coarse", "a.png")
        assert "is a colour picture" in self.failing(tmp_path)

    def test_a_mask_of_another_size(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png", shape=(9, 9))
        path = masks(tmp_path / "coarse", a=mask()) / "a.png"
        assert self.failing(tmp_path) == (
            f"{path}: is 8 x 6 pixels, but its image a.png is 9 x 9. "
            "Give the mask the size of its image"
        )

    def test_a_mask_that_lies_on_its_side(self, tmp_path: Path) -> None:
        images(tmp_path / "images")
        tags = Image.Exif()
        tags[0x0112] = 6
        Image.new("RGB", (8, 6)).save(tmp_path / "images" / "a.jpg", exif=tags)
        masks(tmp_path / "coarse", a=mask())
        assert "the camera's orientation of a.jpg is applied first" in self.failing(tmp_path)

    def test_two_images_of_one_stem(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.jpg", "a.png")
        masks(tmp_path / "coarse", a=mask())
        assert "a.jpg and a.png have the same stem" in self.failing(tmp_path)

    def test_an_unknown_value_that_the_depth_cannot_hold(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png")
        masks(tmp_path / "coarse", a=mask())
        write_label_map(tmp_path / "coarse" / "b.png", mask(dtype=np.uint16))
        images(tmp_path / "images", "b.png")
        report = run(tmp_path, unknown=300)
        assert outcome(report) == {"a": "failed", "b": "refined"}
        assert "cannot hold the unknown value 300" in (report.jobs[0].error or "")

    def test_a_label_id_that_the_mask_does_not_have(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png")
        masks(tmp_path / "coarse", a=mask((0, 2, 255, 2)))
        error = self.failing(tmp_path, labels=[3])
        assert error.endswith("a.png: has no label 3. Choose among its labels: 0, 2")

    def test_an_error_of_the_model(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png")
        masks(tmp_path / "coarse", a=mask())
        refiner = GrowingRefiner(error=FormatError("has no labels", path="x"))
        assert self.failing(tmp_path, refiner) == "x: has no labels"

    def test_an_error_that_nobody_foresaw(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png")
        masks(tmp_path / "coarse", a=mask())
        refiner = GrowingRefiner(error=RuntimeError("out of\nmemory"))
        assert self.failing(tmp_path, refiner) == (
            f"{tmp_path / 'images' / 'a.png'}: unexpected RuntimeError (out of memory). "
            "Please report it"
        )

    def test_a_result_with_unknown_pixels_is_not_written(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png")
        masks(tmp_path / "coarse", a=mask())
        report = run(tmp_path, GrowingRefiner(leaves_unknown=True))
        assert "still has unknown pixels" in (report.jobs[0].error or "")
        assert not (tmp_path / "out" / "a.png").exists()
