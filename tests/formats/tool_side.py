"""What other tools read from and write to a folder; run by a Python that has the tool.

Called with the name of a function here, a folder, and an .npz file for what it found. Nothing of
the program is imported: the tool alone judges.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np


def discs(number: int = 3, size: int = 40) -> np.ndarray:
    """Return (N, size, size) bool masks of discs that do not touch."""
    y, x = np.mgrid[:size, :size]
    centres = [(10, 10), (28, 12), (18, 30)][:number]
    return np.stack([(x - cx) ** 2 + (y - cy) ** 2 <= 49 for cy, cx in centres])


def _without_a_window() -> None:
    """Let labelme be imported without Qt and without models: reading and writing needs neither."""
    from importlib.util import find_spec
    from unittest.mock import MagicMock

    for name in ("onnxruntime", "PyQt5"):
        if find_spec(name) is None:
            sys.modules[name] = MagicMock()
    if isinstance(sys.modules.get("PyQt5"), MagicMock):
        for name in ("QtCore", "QtGui", "QtWidgets"):
            sys.modules[f"PyQt5.{name}"] = MagicMock()


def labelme_read(folder: Path) -> dict[str, np.ndarray]:
    _without_a_window()
    from labelme import utils
    from labelme._label_file import LabelFile

    found = {}
    for path in sorted(folder.glob("*.json")):
        if path.name == "export_report.json":
            continue
        file = LabelFile(str(path))
        shape = utils.img_data_to_arr(file.image_data).shape
        names = {"road": 7, "person": 24, "car": 26}
        classes, objects = utils.shapes_to_label(shape, file.shapes, names)
        found |= {f"{path.stem}_classes": classes, f"{path.stem}_objects": objects}
    return found


def labelme_write(folder: Path) -> dict[str, np.ndarray]:
    _without_a_window()
    from labelme import utils
    from labelme._label_file import LabelFile, write_label_file
    from PIL import Image

    rgb = np.random.default_rng(0).integers(0, 255, (60, 80, 3), dtype=np.uint8)
    Image.fromarray(rgb).save(folder / "a.png")
    mask = np.zeros((6, 9), np.uint8)
    mask[1:5, 2:7] = 1
    common = {"group_id": None, "flags": {}, "description": "", "mask": None}
    shapes = [
        {"label": "road", "shape_type": "polygon", "points": [[3.5, 2], [70.25, 9.5], [40, 50.75]]},
        {"label": "car", "shape_type": "rectangle", "points": [[30.5, 40], [10, 20.2]]},
        {"label": "person", "shape_type": "circle", "points": [[50, 30], [57.3, 35.1]]},
        {"label": "car", "shape_type": "mask", "points": [[60, 50], [68, 55]]},
        {"label": "car", "shape_type": "polygon", "points": [[2, 55], [9, 55], [9, 58], [2, 58]]},
        {"label": "car", "shape_type": "polygon", "points": [[20, 55], [25, 55], [25, 58.5]]},
        {
            "label": "road",
            "shape_type": "oriented_rectangle",
            "points": [[60, 5], [70, 8], [68, 15], [58, 12]],
        },
    ]
    shapes = [{**common, **shape} for shape in shapes]
    shapes[3]["mask"] = utils.img_arr_to_b64(mask)
    shapes[4]["group_id"] = shapes[5]["group_id"] = 4
    write_label_file(
        str(folder / "a.json"),
        shapes=shapes,
        image_path="a.png",
        image_height=60,
        image_width=80,
    )
    names = {"road": 7, "person": 24, "car": 26}
    loaded = LabelFile(str(folder / "a.json")).shapes
    classes, objects = utils.shapes_to_label((60, 80), loaded, names)
    return {"classes": classes, "objects": objects}


def supervision_read(folder: Path) -> dict[str, np.ndarray]:
    import supervision

    dataset = supervision.DetectionDataset.from_yolo(
        str(folder / "images" / "train"),
        str(folder / "labels" / "train"),
        str(folder / "data.yaml"),
        force_masks=True,
    )
    found = {"names": np.array(dataset.classes)}
    for path, _, detections in dataset:
        stem = Path(path).stem
        masks = np.asarray(detections.mask)
        found |= {f"{stem}_masks": masks, f"{stem}_ids": detections.class_id}
    return found


def supervision_write(folder: Path) -> dict[str, np.ndarray]:
    import supervision
    from PIL import Image

    masks = discs()
    Image.fromarray(np.zeros((40, 40, 3), np.uint8)).save(folder / "a.png")
    detections = supervision.Detections(
        xyxy=supervision.mask_to_xyxy(masks), mask=masks, class_id=np.array([0, 1, 0])
    )
    dataset = supervision.DetectionDataset(
        classes=["cat", "dog"],
        images=[str(folder / "a.png")],
        annotations={str(folder / "a.png"): detections},
    )
    (folder / "images").mkdir()
    dataset.as_yolo(
        images_directory_path=str(folder / "images" / "train"),
        annotations_directory_path=str(folder / "labels" / "train"),
        data_yaml_path=str(folder / "data.yaml"),
    )
    (folder / "a.png").unlink()
    return {"masks": masks, "names": np.array(["cat", "dog", "cat"])}


def datumaro_read(folder: Path) -> dict[str, np.ndarray]:
    return _datumaro(folder, "voc_segmentation")


def datumaro_panoptic_read(folder: Path) -> dict[str, np.ndarray]:
    """Read it in the layout of COCO itself: ``annotations/panoptic_train.json`` and its maps."""
    place = folder / "annotations"
    place.mkdir()
    (folder / "panoptic.json").rename(place / "panoptic_train.json")
    (folder / "panoptic").rename(place / "panoptic_train")
    return _datumaro(folder, "coco_panoptic")


def _datumaro(folder: Path, kind: str) -> dict[str, np.ndarray]:
    import datumaro

    dataset = datumaro.Dataset.import_from(str(folder), kind)
    categories = dataset.categories()[datumaro.AnnotationType.label]
    found: dict[str, np.ndarray] = {}
    for item in dataset:
        masks = [a for a in item.annotations if a.type == datumaro.AnnotationType.mask]
        stem = item.id.rpartition("/")[2]
        found[f"{stem}_masks"] = np.stack([np.asarray(mask.image).astype(bool) for mask in masks])
        found[f"{stem}_names"] = np.array([categories[mask.label].name for mask in masks])
    return found


def datumaro_write(folder: Path) -> dict[str, np.ndarray]:
    import datumaro

    masks = discs()
    items = [
        datumaro.DatasetItem(
            id="a",
            subset="default",
            media=datumaro.Image.from_numpy(data=np.zeros((40, 40, 3), np.uint8)),
            annotations=[
                datumaro.Mask(mask, label=label, group=number, id=number)
                for number, (mask, label) in enumerate(zip(masks, (1, 2, 1), strict=True), 1)
            ],
        )
    ]
    labels = datumaro.LabelCategories.from_iterable(["background", "cat", "dog"])
    colors = datumaro.MaskCategories({0: (0, 0, 0), 1: (10, 20, 30), 2: (250, 0, 5)})
    dataset = datumaro.Dataset.from_iterable(
        items,
        categories={
            datumaro.AnnotationType.label: labels,
            datumaro.AnnotationType.mask: colors,
        },
    )
    dataset.export(str(folder), "voc_segmentation", save_media=True, label_map="source")
    return {"masks": masks, "names": np.array(["cat", "dog", "cat"])}


def cityscapes_read(folder: Path) -> dict[str, np.ndarray]:
    from cityscapesscripts.helpers.labels import labels

    rows = [(label.id, label.name, json.dumps(label.color), label.hasInstances) for label in labels]
    from cityscapesscripts.evaluation.instances2dict import instances2dict

    (path,) = folder.rglob("*_gtFine_instanceIds.png")
    found = next(iter(instances2dict([str(path)], False).values()))
    counted = {name: [i["pixelCount"] for i in items] for name, items in found.items() if items}
    return {
        "table": np.array([json.dumps(row) for row in rows]),
        "found": np.array(json.dumps(counted)),
    }


def cityscapes_write(folder: Path) -> dict[str, np.ndarray]:
    from cityscapesscripts.helpers.annotation import Annotation
    from cityscapesscripts.preparation.json2instanceImg import createInstanceImage
    from cityscapesscripts.preparation.json2labelImg import json2labelImg
    from PIL import Image

    shapes = [
        ("road", [[0, 30], [59, 25], [59, 39], [0, 39]]),
        ("car", [[5, 20], [20, 18], [22, 32], [4, 30]]),
        ("car", [[18, 22], [35, 22], [35, 33], [18, 33]]),
        ("persongroup", [[40, 10], [52, 10], [52, 28], [40, 28]]),
        ("person", [[45, 5], [50, 5], [48, 20]]),
    ]
    objects = [{"label": label, "polygon": polygon} for label, polygon in shapes]
    place = folder / "gtFine" / "train" / "ulm"
    place.mkdir(parents=True)
    begin = str(place / "ulm_000001_000019_gtFine_")
    polygons = Path(f"{begin}polygons.json")
    polygons.write_text(json.dumps({"imgHeight": 40, "imgWidth": 60, "objects": objects}))
    json2labelImg(str(polygons), f"{begin}labelIds.png")
    annotation = Annotation()
    annotation.fromJsonFile(str(polygons))
    # Pillow 13 no longer writes its 32-bit picture as the 16-bit PNG that it used to become.
    createInstanceImage(annotation, "ids").convert("I;16").save(f"{begin}instanceIds.png")
    return {
        kind: np.array(Image.open(f"{begin}{kind}.png")) for kind in ("labelIds", "instanceIds")
    }


def datumaro_coco_write(folder: Path) -> dict[str, np.ndarray]:
    """Write masks that overlap: COCO takes them as they are."""
    import datumaro

    masks = discs()
    masks[1] |= np.roll(masks[0], 6, axis=1)
    items = [
        datumaro.DatasetItem(
            id="a",
            subset="train",
            media=datumaro.Image.from_numpy(data=np.zeros((40, 40, 3), np.uint8)),
            annotations=[
                datumaro.Mask(mask, label=label, group=number, id=number)
                for number, (mask, label) in enumerate(zip(masks, (0, 1, 0), strict=True), 1)
            ],
        )
    ]
    dataset = datumaro.Dataset.from_iterable(items, categories=["cat", "dog"])
    dataset.export(str(folder), "coco_instances", save_media=True)
    return {"masks": masks, "names": np.array(["cat", "dog", "cat"])}


def imgviz_read(folder: Path) -> dict[str, np.ndarray]:
    import imgviz

    found = {"colors": imgviz.label_colormap()}
    for path in (folder / "SegmentationClass").glob("*.png"):
        found[path.stem] = imgviz.io.imread(str(path))
    return found


def imgviz_write(folder: Path) -> dict[str, np.ndarray]:
    import imgviz

    classes = np.zeros((20, 30), np.uint8)
    classes[3:9, 4:20] = 12
    classes[12:, :] = 15
    (folder / "SegmentationClass").mkdir()
    imgviz.io.lblsave(str(folder / "SegmentationClass" / "a.png"), classes)
    return {"classes": classes}


def datasets_read(folder: Path) -> dict[str, np.ndarray]:
    from datasets import load_dataset

    loaded = load_dataset("imagefolder", data_dir=str(folder), cache_dir=str(folder.parent / "c"))
    found: dict[str, np.ndarray] = {}
    for split, rows in loaded.items():
        for number, row in enumerate(rows):
            found[f"{split}_{number}_image"] = np.array(row["image"])
            found[f"{split}_{number}_mask"] = np.array(row["mask"])
            found[f"{split}_{number}_objects"] = np.array(row["object_map"])
            found[f"{split}_{number}_rows"] = np.array(json.dumps(row["objects"]))
    return found


if __name__ == "__main__":
    np.savez(sys.argv[3], **globals()[sys.argv[1]](Path(sys.argv[2])))
