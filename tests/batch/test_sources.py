"""Where images and coarse masks come from, and where results go besides the folder."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spn_annotator.annotation.document import Document
from spn_annotator.annotation.labels import LabelSet
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.batch.dataset import BatchResult, plan_batch, run_batch
from spn_annotator.batch.plan import plan_jobs
from spn_annotator.batch.report import worst_first
from spn_annotator.batch.settings import BatchSettings
from spn_annotator.errors import UsageError
from spn_annotator.formats.images import write_image
from spn_annotator.formats.masks import read_label_map, write_label_map
from spn_annotator.project import ImageQuery, Project, Status
from tests.batch.fakes import FakeMaker
from tests.batch.support import SHAPE, dataset, mask, outcome

IMAGE = np.random.default_rng(3).integers(0, 60, (*SHAPE, 3), dtype=np.uint8)


def refined(*arguments: Path | str, **options: object) -> BatchResult:
    plan = plan_batch(*arguments, **options)
    return run_batch(plan, maker=FakeMaker(), settings=BatchSettings(processes=1))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project of two images, a cat painted on the first."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("a.png", "b.png"):
        write_image(folder / name, IMAGE)
    with Project.open(folder) as opened:
        opened.scan()
        labels = LabelSet(opened.labels)
        cat = labels.add("cat")
        first = opened.find("a.png")
        assert first is not None
        painted = np.zeros(SHAPE, np.uint16)
        painted[1:4, 1:5] = 3
        document = Document(SHAPE, labels, objects=[AnnotatedObject(3, cat.id)], object_map=painted)
        opened.save(first.id, document)
    return folder


class _Doubtful(FakeMaker):
    """Is less sure of objects than of the background, of small objects least."""

    def __call__(self):
        refiner = super().__call__()
        refine = refiner.refine

        def doubting(coarse: np.ndarray, **options: object) -> object:
            proposal = refine(coarse, **options)
            proposal.label_map[:] = coarse
            large = (coarse > 0).sum() > 4
            proposal.confidence[:] = np.where(coarse > 0, 0.6 if large else 0.1, 0.9)
            return proposal

        refiner.refine = doubting
        return refiner


class TestPatterns:
    def test_go_into_folders_and_results_follow(self, tmp_path: Path) -> None:
        for folder in ("x", "y/z"):
            dataset(tmp_path / "tmp" / folder, 1)
            for kind in ("images", "coarse"):
                target = tmp_path / kind / folder
                target.mkdir(parents=True)
                (tmp_path / "tmp" / folder / kind / "i000.png").rename(target / "i000.png")
        result = refined(f"{tmp_path}/images/**/*.png", tmp_path / "coarse", out=tmp_path / "out")
        assert outcome(result.report) == {"x/i000": "refined", "y/z/i000": "refined"}
        assert (tmp_path / "out" / "y" / "z" / "i000.png").is_file()

    def test_choose_by_name(self, tmp_path: Path) -> None:
        dataset(tmp_path, 12)
        jobs = plan_jobs(
            images=f"{tmp_path}/images/i00[12].png", coarse=tmp_path / "coarse", out=tmp_path / "o"
        )
        assert [job.stem for job in jobs if job.image] == ["i001", "i002"]

    def test_that_nothing_fits_are_told(self, tmp_path: Path) -> None:
        dataset(tmp_path, 1)
        with pytest.raises(UsageError, match="no image file has a name like this"):
            plan_jobs(images=f"{tmp_path}/images/*.jpg", coarse=tmp_path / "coarse", out="o")

    def test_a_folder_with_wild_cards_in_its_name_is_a_folder(self, tmp_path: Path) -> None:
        dataset(tmp_path / "[x]", 1)
        source = tmp_path / "[x]"
        jobs = plan_jobs(images=source / "images", coarse=source / "coarse", out=tmp_path / "o")
        assert [job.stem for job in jobs] == ["i000"]


class TestProject:
    def test_its_annotations_are_refined_and_come_back_as_a_proposal(self, project: Path) -> None:
        result = refined(project, into=project)
        assert result.is_clean
        assert outcome(result.report) == {"a": "refined"}
        assert result.delivered is not None
        assert result.delivered.stored == 1
        with Project.open(project) as opened:
            opened.scan()
            assert [record.path for record in opened.images()] == ["a.png", "b.png"]
            record = opened.find("a.png")
            assert record is not None
            assert record.status is Status.PROPOSED
            document = opened.load(record.id)
            assert document.proposal is not None
            assert document.proposal.confidence8 is not None
            assert document.proposal.confidence8.mean() / 255 == pytest.approx(0.75, abs=0.01)
            assert record.confidence == pytest.approx(0.77, abs=0.01)
            written = read_label_map(project / ".spn-batch" / "a.png", unknown=None).array
            assert np.array_equal(document.proposal.object_map, written)
            assert document.proposal.model == "FakeMaker"
            assert (document.object_map == 3).sum() == 12  # what was painted is as it was

    def test_the_project_and_the_report_put_proposals_in_one_order(self, project: Path) -> None:
        with Project.open(project) as opened:
            first, second = opened.images()
            painted = opened.load(first.id)
            # Nearly all of the second image is sure, its small object is not.
            small = np.zeros(SHAPE, np.uint16)
            small[0, :2] = 3
            document = Document(
                SHAPE, painted.labels, objects=painted.objects.values(), object_map=small
            )
            opened.save(second.id, document)
        plan = plan_batch(project, into=project)
        result = run_batch(plan, maker=_Doubtful(), settings=BatchSettings(processes=1))
        jobs = {job.stem: job for job in result.report.jobs}
        assert [job.stem for job in worst_first(result.report.jobs)] == ["b", "a"]
        assert (jobs["b"].confidence or 0) > (jobs["a"].confidence or 0)
        with Project.open(project) as opened:
            ordered = opened.select(ImageQuery(order="confidence"))
            assert [record.path for record in ordered] == ["b.png", "a.png"]
            for record in ordered:
                expected = jobs[Path(record.path).stem].expected_iou
                assert record.confidence == pytest.approx(expected, abs=1e-9)

    def test_what_was_painted_on_since_is_left_alone(self, project: Path) -> None:
        plan = plan_batch(project, into=project)
        with Project.open(project) as opened:
            record = opened.find("a.png")
            assert record is not None
            document = opened.load(record.id)
            with document.begin_stroke(object_id=3, kind="rough") as stroke:
                stroke.segment((7, 0), (7, 0), 0.5)
            opened.save(record.id, document)
        result = run_batch(plan, maker=FakeMaker(), settings=BatchSettings(processes=1))
        assert result.delivered is not None
        assert result.delivered.left == (("a", "it was annotated further since the run began"),)
        assert not result.is_clean

    def test_masks_from_elsewhere_become_annotations_and_proposals(self, project: Path) -> None:
        coarse = project.parent / "coarse"
        coarse.mkdir()
        for name in ("a", "b"):
            write_label_map(coarse / f"{name}.png", mask())
        result = refined(project, coarse, out=project.parent / "out", into=project)
        assert result.delivered is not None
        assert result.delivered.stored == 1
        assert result.delivered.left == (("a", "it has annotations already, which are kept"),)
        with Project.open(project) as opened:
            record = opened.find("b.png")
            assert record is not None
            document = opened.load(record.id)
            assert sorted(document.objects) == [1, 3]
            assert document.proposal is not None

    def test_strokes_that_are_sure_and_locked_labels_are_told_to_the_model(
        self, project: Path
    ) -> None:
        with Project.open(project) as opened:
            labels = LabelSet(opened.labels)
            cat = labels.by_name("cat")
            assert cat is not None
            labels.replace(replace(cat, locked=True))
            opened.save_labels(labels)
        plan = plan_batch(project, out=project.parent / "out")
        assert plan.jobs[0].labels == (0,)

    def test_one_without_annotations_is_refused(self, tmp_path: Path) -> None:
        with Project.open(tmp_path) as opened:
            opened.scan()
        with pytest.raises(UsageError, match="has no annotated image"):
            plan_batch(tmp_path, out=tmp_path / "out")

    def test_one_that_is_open_elsewhere_is_refused_before_anything_is_done(
        self, project: Path
    ) -> None:
        with Project.open(project), pytest.raises(UsageError, match="open elsewhere"):
            plan_batch(project, into=project)
        assert not (project / ".spn-batch").exists()


class TestDataSets:
    @pytest.fixture
    def coco(self, project: Path) -> Path:
        """Export the project's images as COCO; return the folder."""
        from spn_annotator.formats.export import ExportItem, export_project

        with Project.open(project) as opened:
            record = opened.find("a.png")
            assert record is not None
            item = ExportItem("a.png", lambda: opened.load(record.id))
            export_project([item], opened.labels, project.parent / "data", ("coco",))
        return project.parent / "data" / "coco"

    def test_coco_is_refined_and_exported_with_its_labels(self, coco: Path, project: Path) -> None:
        out = project.parent / "out"
        result = refined(project, coco / "instances.json", out=out, export=["coco", "indexed"])
        assert outcome(result.report) == {"a": "refined"}
        assert result.export is not None
        assert result.export.is_clean
        written = json.loads((out / "export" / "coco" / "instances.json").read_text())
        assert [category["name"] for category in written["categories"]] == ["cat"]
        refined_ids = read_label_map(out / "a.png", unknown=None).array
        classes = read_label_map(out / "export" / "indexed" / "a.png", unknown=None).array
        assert np.array_equal(classes > 0, refined_ids > 0)

    def test_an_image_that_is_not_there_fails_alone(self, coco: Path, tmp_path: Path) -> None:
        (tmp_path / "none").mkdir()
        result = refined(tmp_path / "none", coco / "instances.json", out=tmp_path / "out")
        assert outcome(result.report) == {"a": "failed"}
        assert "holds no image named a.png" in (result.report.jobs[0].error or "")

    def test_a_dry_plan_writes_nothing(self, coco: Path, project: Path) -> None:
        out = project.parent / "out"
        plan = plan_batch(project, coco / "instances.json", out=out, write=False)
        assert [job.stem for job in plan.jobs] == ["a"]
        assert not out.exists()

    def test_an_export_format_that_does_not_exist_is_refused(self, project: Path) -> None:
        with pytest.raises(UsageError, match="no export format cocoa"):
            plan_batch(project, out=project.parent / "out", export=["cocoa"])

    def test_masks_of_values_are_exported_as_labels(self, tmp_path: Path) -> None:
        dataset(tmp_path, 2)
        result = refined(
            tmp_path / "images", tmp_path / "coarse", out=tmp_path / "out", export=["coco"]
        )
        assert result.is_clean
        written = json.loads((tmp_path / "out" / "export" / "coco" / "instances.json").read_text())
        assert {c["name"] for c in written["categories"]} == {"value 1", "value 3"}


def test_a_place_for_the_results_has_to_be_named(tmp_path: Path) -> None:
    dataset(tmp_path, 1)
    with pytest.raises(UsageError, match="no place for the results"):
        plan_batch(tmp_path / "images", tmp_path / "coarse")
