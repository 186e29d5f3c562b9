"""Documents, pictures and comparisons that the tests of the formats share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from spn_annotator.annotation import AnnotatedObject, Document, Label, LabelSet
from spn_annotator.formats.codec import Annotated, Dataset, ExportItem, WriteOptions
from spn_annotator.formats.export import ExportReport, export_project
from spn_annotator.formats.images import write_image
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.registry import get_codec

# Names that Cityscapes knows too, so that one data set serves all formats.
LABELS = LabelSet(
    [
        Label(7, "road", (128, 64, 128)),
        Label(26, "car", (0, 0, 142)),
        Label(24, "person", (220, 20, 60)),
    ]
)
FORMATS = (
    "indexed",
    "binary",
    "coco",
    "coco-polygons",
    "coco-panoptic",
    "labelme",
    "voc",
    "cvat",
    "yolo",
    "cityscapes",
    "png16",
    "tiff",
    "npz",
    "pixelannotationtool",
    "imagefolder",
)
Truth = dict[str, tuple[np.ndarray, dict[int, tuple[str, str]]]]
"""By stem: the object map, and name of label and of object of each object."""


def street() -> Document:
    """Return a document with a hole in one object, single pixels, and two objects of a label."""
    objects = np.zeros((23, 31), np.uint16)
    objects[12:, :] = 3
    objects[3:10, 4:14] = 40
    objects[5:8, 7:10] = 0
    objects[6, 8] = 9
    objects[2:9, 20:27] = 41
    objects[0, 0] = 500
    return Document(
        objects.shape,
        LABELS,
        objects=[
            AnnotatedObject(3, 7),
            AnnotatedObject(9, 24, "small one"),
            AnnotatedObject(40, 26),
            AnnotatedObject(41, 26, "second"),
            AnnotatedObject(500, 24),
        ],
        object_map=objects,
    )


def noise(seed: int = 0, shape: tuple[int, int] = (19, 27)) -> Document:
    """Return a document of ragged objects: holes, islands, corners that touch."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 5, (shape[0] // 4 + 1, shape[1] // 4 + 1))
    objects = coarse.repeat(4, 0).repeat(4, 1)[: shape[0], : shape[1]].astype(np.uint16)
    flip = rng.random(shape) < 0.08
    objects[flip] = rng.integers(0, 5, int(flip.sum()))
    present = sorted(set(np.unique(objects).tolist()) - {0})
    kinds = (7, 24, 26, 24)
    return Document(
        shape,
        LABELS,
        objects=[AnnotatedObject(number, kinds[number - 1]) for number in present],
        object_map=objects,
    )


def picture(path: Path, shape: tuple[int, int], seed: int = 0) -> Path:
    """Write a small picture and return its path."""
    rgb = np.random.default_rng(seed).integers(0, 255, (*shape, 3), dtype=np.uint8)
    write_image(path, rgb)
    return path


def items(folder: Path, documents: dict[str, Document]) -> list[ExportItem]:
    """Return items with a picture each, written into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        ExportItem(name, lambda d=document: d, image=picture(folder / name, document.shape))
        for name, document in documents.items()
    ]


def export(
    name: str,
    data: Iterable[ExportItem],
    out: Path,
    *,
    labels: LabelSet = LABELS,
    options: WriteOptions | None = None,
) -> ExportReport:
    """Write items in one format into a folder itself."""
    return export_project(data, labels, out, [name], options=options, flat=True)


def read(name: str, source: Path) -> Dataset:
    """Open a data set in a format."""
    return get_codec(name).read(source, Limits())


def truth_of(annotated: Annotated, labels: LabelSet) -> tuple[np.ndarray, dict]:
    """Return what of annotations can be compared."""
    present = set(np.unique(annotated.object_map).tolist()) - {0}
    return annotated.object_map, {
        number: (
            labels.get(annotated.objects[number].label_id).name,
            annotated.objects[number].name,
        )
        for number in present
    }


def loaded(dataset: Dataset) -> Truth:
    """Load every image of a data set; nothing of it may be missing."""
    assert dataset.problems == []
    found: Truth = {}
    for item in dataset.items:
        annotated = item.load()
        assert getattr(annotated, "dropped", ()) == ()
        found[Path(item.name).stem] = truth_of(annotated, dataset.labels)
    return found


def class_names(truth: tuple[np.ndarray, dict]) -> np.ndarray:
    """Return the name of the label of each pixel."""
    table = np.array([""] * (int(truth[0].max(initial=0)) + 1), dtype=object)
    for number, (label, _) in truth[1].items():
        table[number] = label
    return table[truth[0]]


def same_objects(one: tuple[np.ndarray, dict], two: tuple[np.ndarray, dict]) -> bool:
    """Return whether two images have the same objects, whatever their numbers."""
    if one[0].shape != two[0].shape:
        return False
    pairs = set(zip(one[0].ravel().tolist(), two[0].ravel().tolist(), strict=True))
    return len(pairs) == len(one[1].keys() | {0} if (one[0] == 0).any() else one[1]) and len(
        pairs
    ) == len(two[1].keys() | {0} if (two[0] == 0).any() else two[1])
