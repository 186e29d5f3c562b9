"""The samples: complete, honest, and a project once asked for."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from spn_annotator.batch.demo import run_demo
from spn_annotator.errors import FileReadError, ModelFileError, UsageError
from spn_annotator.formats.images import read_image, read_size
from spn_annotator.formats.masks import read_label_map
from spn_annotator.paths import default_model_path
from spn_annotator.project import Project, Status
from spn_annotator.samples import Sample, load_samples, sample_project, write_samples

LABELS, SAMPLES = load_samples()


class Settler:
    """Stands in for the model: what is unknown becomes background."""

    def set_image(self, rgb: np.ndarray) -> None:
        pass

    def refine(self, coarse: np.ndarray, *, labels=None, unknown="auto") -> SimpleNamespace:
        result = coarse if unknown is None else np.where(coarse == unknown, 0, coarse)
        return SimpleNamespace(
            label_map=result.astype(coarse.dtype),
            confidence=np.ones(coarse.shape, np.float32),
            changed=int((result != coarse).sum()),
            device="test",
        )


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
class TestEach:
    def test_mask_has_the_size_of_its_photograph(self, sample: Sample) -> None:
        image = sample.image()
        assert image.dtype == np.uint8
        assert image.shape == (*sample.coarse().array.shape, 3)

    def test_mask_holds_its_objects_and_nothing_else(self, sample: Sample) -> None:
        values = set(np.unique(sample.coarse().array).tolist())
        expected = {0, *(item.id for item in sample.objects)} | (
            {255} if sample.scribbles else set()
        )
        assert values == expected
        assert all(item.label_id in LABELS for item in sample.objects)

    def test_colours_are_those_of_the_labels(self, sample: Sample) -> None:
        palette = sample.coarse().palette
        assert palette is not None
        for item in sample.objects:
            found = tuple(palette[3 * item.id : 3 * item.id + 3])
            assert found == LABELS.get(item.label_id).color

    def test_terms_are_stated(self, sample: Sample) -> None:
        assert sample.licence in ("CC0", "public domain")


def test_one_sample_is_scribbled_and_one_has_many_labels() -> None:
    assert any(sample.scribbles for sample in SAMPLES)
    assert any(len({item.label_id for item in sample.objects}) >= 3 for sample in SAMPLES)


def test_the_script_draws_what_ships(repository: Path, tmp_path: Path, monkeypatch) -> None:
    spec = importlib.util.spec_from_file_location(
        "make_samples", repository / "scripts" / "make_samples.py"
    )
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(__import__("sys").modules, "make_samples", script)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "OUT", tmp_path)
    script.main()
    for path in tmp_path.iterdir():
        shipped = repository / "resources" / "samples" / path.name
        if path.suffix == ".json":
            assert path.read_text() == shipped.read_text()
        else:
            drawn, kept = read_label_map(path, unknown=None), read_label_map(shipped, unknown=None)
            assert np.array_equal(drawn.array, kept.array)
            assert drawn.palette == kept.palette
    assert len(list(tmp_path.iterdir())) == len(SAMPLES) + 1


def test_a_missing_photograph_names_the_remedy() -> None:
    sample = Sample("no_such_picture", "", "CC0", Path("x.png"), False, ())
    with pytest.raises(FileReadError, match="Install scikit-image again"):
        sample.image()


class TestProject:
    def test_holds_photographs_labels_and_strokes(self, tmp_path: Path) -> None:
        folder = sample_project(tmp_path / "samples")
        with Project.open(folder, create=False) as project:
            assert project.labels == LABELS
            records = {Path(record.path).stem: record for record in project.images()}
            assert set(records) == {sample.name for sample in SAMPLES}
            for sample in SAMPLES:
                record = records[sample.name]
                assert record.status is Status.IN_PROGRESS
                document = project.load(record.id)
                coarse = sample.coarse().array
                assert np.array_equal(read_image(project.image_path(record.id)), sample.image())
                for item in sample.objects:
                    painted = document.rough_map == item.id + 1
                    assert np.array_equal(painted, coarse == item.id)
                assert bool((document.sure_map == 1).any()) is sample.scribbles

    def test_is_not_made_again_over_somebodys_work(self, tmp_path: Path) -> None:
        folder = sample_project(tmp_path)
        with Project.open(folder) as project:
            record = project.images()[0]
            document = project.load(record.id)
            for number in list(document.objects):
                document.remove_object(number)
            project.save(record.id, document, status=Status.ACCEPTED)
        sample_project(tmp_path)
        with Project.open(folder) as project:
            assert project.image(record.id).status is Status.ACCEPTED
            assert not project.load(record.id).objects


class TestDemo:
    def test_refines_exports_and_shows(self, tmp_path: Path) -> None:
        result = run_demo(tmp_path / "out", make_refiner=Settler)
        assert result.report.is_clean
        assert result.export.images == len(SAMPLES)
        for sample in SAMPLES:
            refined = read_label_map(result.refined / f"{sample.name}.png", unknown=None)
            assert refined.mode == "P"
            assert 255 not in refined.array
            indexed = read_label_map(
                tmp_path / "out" / "export" / "indexed" / f"{sample.name}.png", unknown=None
            )
            table = np.zeros(256, np.uint8)
            for item in sample.objects:
                table[item.id] = item.label_id
            assert np.array_equal(indexed.array, table[refined.array])
        coco = json.loads((tmp_path / "out" / "export" / "coco" / "instances.json").read_text())
        assert len(coco["annotations"]) == sum(len(sample.objects) for sample in SAMPLES)
        width, height = read_size(result.contact_sheet)
        assert width > 1200
        assert height > 1200

    def test_the_sheet_shows_image_coarse_and_refined_in_three_columns(
        self, tmp_path: Path
    ) -> None:
        result = run_demo(tmp_path, make_refiner=Settler)
        sheet = read_image(result.contact_sheet)[92:572]  # the first, square row
        first, second, third = (sheet[:, x : x + 480].astype(int) for x in (36, 536, 1036))
        plain = np.asarray(
            Image.fromarray(SAMPLES[0].image()).resize((480, 480), Image.Resampling.BOX)
        )
        assert np.abs(first - plain).mean() < 4
        assert np.abs(second - first).mean() > 10
        assert np.array_equal(second, third)  # the stand-in leaves a mask without unknowns alone

    def test_into_a_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "out").touch()
        with pytest.raises(UsageError, match="is a file"):
            run_demo(tmp_path / "out", make_refiner=Settler)

    def test_without_a_model_writes_nothing(self, tmp_path: Path) -> None:
        def broken() -> Settler:
            raise ModelFileError("is no model", path="m")

        with pytest.raises(ModelFileError):
            run_demo(tmp_path / "out", make_refiner=broken)
        assert not (tmp_path / "out").exists()

    @pytest.mark.slow
    def test_with_the_shipped_model_moves_edges(self, tmp_path: Path) -> None:
        if not default_model_path().is_file():
            pytest.skip("the model is not in resources/models")
        from spn_annotator.refine import Refiner

        result = run_demo(tmp_path, make_refiner=lambda: Refiner(device="cpu"))
        assert result.report.is_clean
        for job in result.report.jobs:
            assert job.changed
            assert 0 < (job.confidence or 0) <= 1


def test_samples_are_written_as_images_and_masks_of_one_stem(tmp_path: Path) -> None:
    images, coarse = write_samples(tmp_path)
    names = {f"{sample.name}.png" for sample in SAMPLES}
    assert {path.name for path in images.iterdir()} == names
    assert {path.name for path in coarse.iterdir()} == names
