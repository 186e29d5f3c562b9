"""A run over a folder: every image gets its mask or its reason."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from spn_annotator.batch.refining import refine_folder
from spn_annotator.batch.report import BatchReport, JobReport, JobStatus
from spn_annotator.errors import ModelFileError, UsageError
from spn_annotator.formats.masks import read_label_map, write_label_map
from tests.batch.support import GrowingRefiner, images, mask, masks, outcome, run


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
        assert 0 < first["expected_iou"] < 1
        assert first["seconds"] > 0
        assert first["error"] is None
        assert (second["error"], third["error"]) == (
            "no coarse mask of this stem",
            "no image of this stem",
        )
        assert second["changed_pixels"] is None
        assert written["device"] == "test"
        assert written["counts"] == {
            "refined": 1,
            "kept": 0,
            "skipped": 2,
            "failed": 0,
            "cancelled": 0,
        }

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
        assert written["images"][0]["expected_iou"] is None

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
        assert {stem for stem, _, _ in seen} == {"a", "b"}
        assert [(done, total) for _, done, total in seen] == [(1, 2), (2, 2)]


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


def test_an_interrupted_run_finishes_what_is_in_flight_and_reports_it(tmp_path: Path) -> None:
    names = [f"i{number}" for number in range(12)]
    images(tmp_path / "images", *(f"{name}.png" for name in names))
    masks(tmp_path / "coarse", **{name: mask() for name in names})

    def stop(_: JobReport, done: int, __: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, progress=stop)
    written = json.loads((tmp_path / "out" / "report.json").read_text())
    status = {job["stem"]: job["status"] for job in written["images"]}
    done = [name for name in names if status[name] == "refined"]
    assert 2 <= len(done) <= 5
    assert all(status[name] == "cancelled" for name in names if name not in done)
    assert sorted(p.stem for p in (tmp_path / "out").glob("*.png")) == sorted(done)
