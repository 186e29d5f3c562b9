"""What is exported comes back to the images that it went out from, in every format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spn_annotator.formats.export import export_project
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.registry import get_codec
from spn_annotator.project import Project
from spn_annotator.project.exporting import export_items
from spn_annotator.project.importing import ImportReport, import_dataset
from spn_annotator.project.matching import WRITTEN_ANEW, same_picture
from tests.project.folders import annotated, opened

FORMATS = ("coco", "labelme", "voc", "cvat", "yolo", "imagefolder", "png16")


def scene(seed: int = 0, shape: tuple[int, int] = (48, 64)) -> np.ndarray:
    """Return a picture with edges and grain."""
    rng = np.random.default_rng(seed)
    flat = rng.integers(0, 255, (*(side // 8 for side in shape), 3)).repeat(8, 0).repeat(8, 1)
    return np.clip(flat + rng.normal(0, 6, flat.shape), 0, 255).astype(np.uint8)


def save(path: Path, pixels: np.ndarray, **options: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, **options)


def there_and_back(folder: Path, out: Path, name: str, *, flat: bool = True) -> ImportReport:
    """Export a project, take its annotations away, and import what was exported."""
    with Project.open(folder) as project:
        items, _ = export_items(project)
        report = export_project(items, project.labels, out, [name], flat=flat)
        assert report.is_clean
        for record in project.images():
            if record.saved:
                document = project.load(record.id)
                for object_id in list(document.objects):
                    document.remove_object(object_id)
                project.save(record.id, document)
        source = out if flat else out / name
        dataset = get_codec(name).read(source, Limits())
        return import_dataset(dataset, project, replace_existing=True)


def annotate_all(folder: Path) -> dict[str, np.ndarray]:
    with opened(folder) as project:
        found = {}
        for record in project.images():
            document = annotated(project, record.id)
            project.save(record.id, document)
            found[f"{record.path} {record.page}"] = document.class_map()
    return found


def state(folder: Path) -> dict[str, np.ndarray]:
    with Project.open(folder) as project:
        return {
            f"{record.path} {record.page}": project.load(record.id).class_map()
            for record in project.images()
        }


def assert_same(one: dict[str, np.ndarray], two: dict[str, np.ndarray]) -> None:
    assert list(one) == list(two)
    assert all(np.array_equal(one[name], two[name]) for name in one)


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_comes_back_to_its_images(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "p"
    turned = Image.Exif()
    turned[0x0112] = 6
    save(folder / "a.png", scene(1))
    save(folder / "a.jpg", scene(2), quality=60)
    save(folder / "turned.jpg", scene(3), exif=turned)
    save(folder / "day 1" / "a.png", scene(4))
    save(folder / "grey.png", scene(5)[..., 0].astype(np.uint16) * 13)
    before = annotate_all(folder)
    report = there_and_back(folder, tmp_path / "out", name)
    assert report.is_clean, report.skipped
    assert (report.images, report.added) == (5, ())
    assert_same(before, state(folder))


@pytest.mark.parametrize("name", ["voc", "coco", "png16"])
def test_pages_of_a_tiff_come_back_to_their_pages(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "p"
    first, *more = [Image.fromarray(scene(seed)) for seed in range(3)]
    folder.mkdir()
    first.save(folder / "stack.tif", save_all=True, append_images=more)
    before = annotate_all(folder)
    assert len(before) == 3
    report = there_and_back(folder, tmp_path / "out", name)
    assert (report.is_clean, report.added) == (True, ())
    assert_same(before, state(folder))


@pytest.mark.parametrize("flat", [True, False])
def test_names_that_a_format_changes_are_found_again_by_the_report(
    tmp_path: Path, flat: bool
) -> None:
    """Cityscapes has names of its own."""
    folder = tmp_path / "p"
    for seed in range(2):
        save(folder / f"photo {seed}.png", scene(seed))
    with opened(folder) as project:
        for record in project.images():
            project.save(record.id, annotated(project, record.id, name="car"))
    before = state(folder)
    report = there_and_back(folder, tmp_path / "out", "cityscapes", flat=flat)
    assert (report.is_clean, report.added) == (True, ())
    assert_same(before, state(folder))


def test_a_jpeg_of_a_png_is_taken_for_it_and_the_report_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    save(folder / "a.png", scene())
    annotate_all(folder)
    report = there_and_back(folder, tmp_path / "out", "voc")
    assert report.notes == {WRITTEN_ANEW: ("a.jpg",)}
    assert sorted(path.name for path in folder.glob("*.*g")) == ["a.png"]


def test_another_picture_of_the_same_name_and_size_stays_another(tmp_path: Path) -> None:
    """Two pictures of one camera: a little of the second has moved."""
    save(tmp_path / "p" / "a.png", scene())
    moved = scene()
    moved[8:20, 8:20] = 255 - moved[8:20, 8:20]
    save(tmp_path / "other" / "a.png", moved)
    annotate_all(tmp_path / "other")
    with opened(tmp_path / "other") as other:
        items, _ = export_items(other)
        export_project(items, other.labels, tmp_path / "out", ["voc"], flat=True)
    with opened(tmp_path / "p") as project:
        dataset = get_codec("voc").read(tmp_path / "out", Limits())
        report = import_dataset(dataset, project)
        assert report.added == ("a.jpg",)
        assert {record.path: record.saved for record in project.images()} == {
            "a.jpg": True,
            "a.png": False,
        }


@pytest.mark.parametrize("quality", [50, 75, 95])
@pytest.mark.parametrize("seed", range(4))
def test_compression_makes_no_other_picture(tmp_path: Path, quality: int, seed: int) -> None:
    pixels = scene(seed, (90, 133))
    save(tmp_path / "a.jpg", pixels, quality=quality)
    with Image.open(tmp_path / "a.jpg") as image:
        again = np.array(image)
    assert not np.array_equal(again, pixels)
    assert same_picture(pixels, again)
    assert not same_picture(pixels, scene(seed + 10, (90, 133)))
    assert not same_picture(pixels, pixels[:-1])
