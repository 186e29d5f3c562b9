"""A run over a folder: every image gets its mask or its reason."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from spn_annotator.batch.refining import refine_folder
from spn_annotator.batch.report import BatchReport, JobReport, JobStatus
from spn_annotator.errors import FormatError, ModelFileError, UsageError
from spn_annotator.formats.images import write_image
from spn_annotator.formats.masks import read_label_map, write_label_map

SHAPE = (6, 8)


class GrowingRefiner:
    """Stands in for the model: each unknown pixel gets the id to its left, or 0."""

    def __init__(self, *, error: Exception | None = None, leaves_unknown: bool = False) -> None:
        self.calls: list[dict[str, Any]] = []
        self.error = error
        self.leaves_unknown = leaves_unknown
        self.rgb = np.zeros((0, 0, 3), np.uint8)

    def set_image(self, rgb: np.ndarray) -> None:
        self.rgb = rgb

    def refine(self, coarse: np.ndarray, *, labels=None, unknown="auto") -> SimpleNamespace:
        assert self.rgb.shape[:2] == coarse.shape
        self.calls.append({"coarse": coarse.copy(), "labels": labels, "unknown": unknown})
        if self.error is not None and len(self.calls) == 1:
            raise self.error
        result = coarse.copy()
        if unknown is not None and not self.leaves_unknown:
            for column in range(coarse.shape[1]):
                left = result[:, column - 1] if column else np.zeros_like(result[:, 0])
                result[:, column] = np.where(result[:, column] == unknown, left, result[:, column])
        return SimpleNamespace(
            label_map=result,
            confidence=np.full(coarse.shape, 0.75, np.float32),
            changed=int((result != coarse).sum()),
            device="test",
        )


def images(folder: Path, *names: str, shape: tuple[int, int] = SHAPE) -> Path:
    folder.mkdir(exist_ok=True)
    noise = np.random.default_rng(0).integers(0, 255, (*shape, 3), dtype=np.uint8)
    for name in names:
        write_image(folder / "temporary.png", noise)
        (folder / "temporary.png").rename(folder / name)
    return folder


def mask(ids: tuple[int, ...] = (0, 3, 255, 1), dtype: type = np.uint8) -> np.ndarray:
    """Return a map of four broad columns."""
    return np.repeat(np.array(ids, dtype)[None].repeat(SHAPE[0], 0), 2, 1)


def masks(folder: Path, **maps: np.ndarray) -> Path:
    folder.mkdir(exist_ok=True)
    for stem, array in maps.items():
        write_label_map(folder / f"{stem}.png", array)
    return folder


def run(tmp_path: Path, refiner: GrowingRefiner | None = None, **options: Any) -> BatchReport:
    refiner = refiner or GrowingRefiner()
    return refine_folder(
        images=options.pop("images", tmp_path / "images"),
        coarse=options.pop("coarse", tmp_path / "coarse"),
        out=options.pop("out", tmp_path / "out"),
        make_refiner=lambda: refiner,
        **options,
    )


def outcome(report: BatchReport) -> dict[str, str]:
    return {job.stem: job.status.value for job in report.jobs}


class TestResults:
    def test_unknown_pixels_are_gone_and_the_others_keep_their_ids(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png")
        masks(tmp_path / "coarse", a=mask())
        report = run(tmp_path)
        assert outcome(report) == {"a": "refined"}
        assert np.array_equal(read_label_map(tmp_path / "out" / "a.png").array, mask((0, 3, 3, 1)))

    @pytest.mark.parametrize(
        ("array", "palette", "mode"),
        [
            (mask(), bytes(range(12)), "P"),
            (mask(), None, "L"),
            (mask((0, 300, 65535, 1), np.uint16), None, "I;16"),
            (mask((0, 1, 1, 0)) == 1, None, "1"),
        ],
        ids=["P", "L", "I;16", "1"],
    )
    def test_masks_come_out_in_the_mode_and_palette_they_came_in(
        self, tmp_path: Path, array: np.ndarray, palette: bytes | None, mode: str
    ) -> None:
        images(tmp_path / "images", "a.png")
        (tmp_path / "coarse").mkdir()
        write_label_map(tmp_path / "coarse" / "a.png", array, palette=palette)
        run(tmp_path)
        given = read_label_map(tmp_path / "coarse" / "a.png")
        found = read_label_map(tmp_path / "out" / "a.png")
        assert found.mode == mode
        assert found.palette == given.palette
        assert set(np.unique(found.array)) <= set(np.unique(given.array)) - {given.unknown}

    def test_a_binary_mask_is_0_and_1_to_the_model_and_0_and_255_in_the_files(
        self, tmp_path: Path
    ) -> None:
        images(tmp_path / "images", "a.png")
        masks(tmp_path / "coarse", a=mask((0, 255, 255, 0)))
        refiner = GrowingRefiner()
        run(tmp_path, refiner)
        assert np.array_equal(refiner.calls[0]["coarse"], mask((0, 1, 1, 0)))
        assert refiner.calls[0]["unknown"] is None
        assert np.array_equal(
            read_label_map(tmp_path / "out" / "a.png").array, mask((0, 255, 255, 0))
        )

    @pytest.mark.parametrize(
        ("said", "ids", "expected"),
        [(None, (0, 3, 255, 1), (0, 3, 255, 1)), (3, (0, 3, 255, 1), (0, 0, 255, 1))],
    )
    def test_the_unknown_value_can_be_said_outright(
        self, tmp_path: Path, said: int | None, ids: tuple[int, ...], expected: tuple[int, ...]
    ) -> None:
        images(tmp_path / "images", "a.png")
        masks(tmp_path / "coarse", a=mask(ids))
        run(tmp_path, unknown=said)
        found = read_label_map(tmp_path / "out" / "a.png", unknown=None)
        assert np.array_equal(found.array, mask(expected))

    def test_two_files_need_no_common_stem(self, tmp_path: Path) -> None:
        folder = masks(images(tmp_path / "both", "photo.png"), painted=mask())
        report = run(tmp_path, images=folder / "photo.png", coarse=folder / "painted.png")
        assert outcome(report) == {"photo": "refined"}
        assert (tmp_path / "out" / "photo.png").is_file()

    def test_a_file_finds_its_mask_in_a_folder(self, tmp_path: Path) -> None:
        folder = images(tmp_path / "images", "a.png", "b.png")
        masks(tmp_path / "coarse", a=mask(), b=mask())
        report = run(tmp_path, images=folder / "b.png")
        assert outcome(report) == {"b": "refined", "a": "skipped"}


class TestReport:
    def test_says_for_each_image_what_became_of_it(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png", "b.png")
        masks(tmp_path / "coarse", a=mask(), c=mask())
        report = run(tmp_path)
        assert outcome(report) == {"a": "refined", "b": "skipped", "c": "skipped"}
        assert report.is_clean
        written = json.loads((tmp_path / "out" / "report.json").read_text())
        assert written == report.to_json()
        first, second, third = written["images"]
        assert first["changed_pixels"] == 12
        assert first["mean_confidence"] == 0.75
        assert first["seconds"] > 0
        assert first["error"] is None
        assert (second["error"], third["error"]) == (
            "no coarse mask of this stem",
            "no image of this stem",
        )
        assert second["changed_pixels"] is None
        assert written["device"] == "test"
        assert written["counts"] == {"refined": 1, "skipped": 2, "failed": 0, "cancelled": 0}

    def test_confidence_that_is_no_number_is_null(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png")
        masks(tmp_path / "coarse", a=mask())

        class Unsure(GrowingRefiner):
            def refine(self, *args: Any, **options: Any) -> SimpleNamespace:
                proposal = super().refine(*args, **options)
                proposal.confidence[0, 0] = np.nan
                return proposal

        run(tmp_path, Unsure())
        written = json.loads((tmp_path / "out" / "report.json").read_text())
        assert written["images"][0]["mean_confidence"] is None

    def test_names_with_broken_bytes_make_valid_json(self, tmp_path: Path) -> None:
        job = JobReport("a\udcff", JobStatus.SKIPPED, Path("a\udcff.jpg"))
        BatchReport((job,), None, 0.0).write(tmp_path)
        written = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
        assert written["images"][0]["stem"] == "a\udcff"

    def test_progress_is_told_after_each_job(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png", "b.png")
        masks(tmp_path / "coarse", a=mask())
        seen: list[tuple[str, int, int]] = []
        run(tmp_path, progress=lambda job, done, total: seen.append((job.stem, done, total)))
        assert seen == [("a", 1, 2), ("b", 2, 2)]


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
        assert files == ["b.png", "report.json"]
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


class TestLabels:
    def test_are_handed_to_the_model(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png")
        masks(tmp_path / "coarse", a=mask())
        refiner = GrowingRefiner()
        run(tmp_path, refiner, labels=[3, 1, 3])
        assert refiner.calls[0]["labels"] == [1, 3]

    def test_of_binary_masks_are_those_of_the_file(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png")
        masks(tmp_path / "coarse", a=mask((0, 255, 255, 0)))
        refiner = GrowingRefiner()
        run(tmp_path, refiner, labels=[255])
        assert refiner.calls[0]["labels"] == [1]


class TestArguments:
    """What contradicts itself is refused before anything is loaded or written."""

    def refused(self, tmp_path: Path, match: str, **options: Any) -> None:
        def never() -> GrowingRefiner:
            raise AssertionError("the model was loaded")

        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(UsageError, match=match):
            refine_folder(
                images=options.get("images", tmp_path / "images"),
                coarse=options.get("coarse", tmp_path / "coarse"),
                out=options.get("out", tmp_path / "out"),
                make_refiner=never,
            )
        assert sorted(tmp_path.rglob("*")) == before

    def test_folders_without_a_match(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png")
        masks(tmp_path / "coarse", z=mask())
        self.refused(tmp_path, "holds no file with the stem of an image")

    def test_a_missing_folder(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png")
        self.refused(tmp_path, r"coarse: does not exist \(coarse masks\)")

    def test_one_folder_for_images_and_masks(self, tmp_path: Path) -> None:
        both = images(tmp_path / "both", "a.png")
        self.refused(tmp_path, "holds the images and the coarse masks", images=both, coarse=both)

    @pytest.mark.parametrize("name", ["images", "coarse"])
    def test_results_into_a_folder_of_inputs(self, tmp_path: Path, name: str) -> None:
        images(tmp_path / "images", "a.png")
        masks(tmp_path / "coarse", a=mask())
        out = tmp_path / "out"
        out.symlink_to(tmp_path / name)
        self.refused(tmp_path, "not overwritten", out=out)

    def test_a_result_in_place_of_an_input_file(self, tmp_path: Path) -> None:
        folder = masks(images(tmp_path / "both", "photo.jpg"), photo=mask())
        self.refused(
            tmp_path,
            "would be overwritten",
            images=folder / "photo.jpg",
            coarse=folder / "photo.png",
            out=folder,
        )

    def test_a_file_in_place_of_the_output_folder(self, tmp_path: Path) -> None:
        images(tmp_path / "images", "a.png")
        masks(tmp_path / "coarse", a=mask())
        (tmp_path / "out").touch()
        self.refused(tmp_path, "is a file, not a folder")


def test_a_model_that_does_not_load_leaves_no_folder(tmp_path: Path) -> None:
    images(tmp_path / "images", "a.png")
    masks(tmp_path / "coarse", a=mask())

    def broken() -> GrowingRefiner:
        raise ModelFileError("is no model", path="m")

    with pytest.raises(ModelFileError):
        refine_folder(
            images=tmp_path / "images",
            coarse=tmp_path / "coarse",
            out=tmp_path / "out",
            make_refiner=broken,
        )
    assert not (tmp_path / "out").exists()


def test_an_interrupted_run_reports_what_was_done(tmp_path: Path) -> None:
    images(tmp_path / "images", "a.png", "b.png", "c.png")
    masks(tmp_path / "coarse", a=mask(), b=mask(), c=mask())

    def stop(_: JobReport, done: int, __: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, progress=stop)
    written = json.loads((tmp_path / "out" / "report.json").read_text())
    assert [job["status"] for job in written["images"]] == ["refined", "refined", "cancelled"]
    assert not (tmp_path / "out" / "c.png").exists()
