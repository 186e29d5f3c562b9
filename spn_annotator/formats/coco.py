"""COCO instance annotations with run-length masks, holes and all; polygons on request.

Masks are written as compressed RLE, which every shape goes into as it is. Runs go down the columns,
the first one counts zeros (Lin et al., "Microsoft COCO", ECCV 2014, and its API).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pycocotools import mask as _untyped

from spn_annotator import __version__
from spn_annotator.annotation.labels import Label, color_to_hex
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.errors import FormatError, ShapeError
from spn_annotator.formats.atomic import atomic_write_bytes
from spn_annotator.formats.rle import decode_rle

coco_mask: Any = _untyped  # published type stubs know half of its arguments


@dataclass(frozen=True)
class CocoImage:
    """One image of a COCO file.

    Attributes
    ----------
    file_name : str
        Path of the image as readers of the file shall find it, POSIX.
    object_map : (H, W) uint16 array
        Object ids, 0 = nothing.
    objects : mapping of int to AnnotatedObject
        By id; those without a pixel are left out of the file.
    extra : mapping of str to Any
        What the file says besides, of the image and of objects, as `AnnotatedImage.extra`.
    """

    file_name: str
    object_map: np.ndarray
    objects: Mapping[int, AnnotatedObject]
    extra: Mapping[str, Any] = field(default_factory=dict)


def write_coco(path: Path | str, images: Iterable[CocoImage], labels: Iterable[Label]) -> int:
    """Write a COCO instances file, whole or not at all.

    Parameters
    ----------
    path : Path or str
        The JSON file; its folder must exist.
    images : iterable of CocoImage
        An image without objects is in the file too.
    labels : iterable of Label
        Become the categories, with their own ids.

    Returns
    -------
    int
        Number of annotations written.

    Raises
    ------
    FormatError
        A map has an id without an object, or an object a label that is not among ``labels``.
    SaveError
        The file cannot be written.
    """
    builder = CocoBuilder(labels)
    for image in images:
        builder.add(image)
    builder.write(path)
    return builder.annotations


class CocoBuilder:
    """A COCO file in the making; an image that fails leaves it as it was.

    Parameters
    ----------
    labels : iterable of Label
        The categories.
    polygons : bool
        Write polygons along the edges of the pixels, with a slit to each hole, instead of masks.

    Attributes
    ----------
    ious : list of float
        Of each object written as polygons: what they give back against what it is.
    holes : int
        How many holes became slits.
    """

    def __init__(self, labels: Iterable[Label], *, polygons: bool = False) -> None:
        self._images: list[dict[str, Any]] = []
        self._annotations: list[dict[str, Any]] = []
        self._polygons = polygons
        self.ious: list[float] = []
        self.holes = 0
        self.use(labels)

    def use(self, labels: Iterable[Label]) -> None:
        """Make these the categories."""
        self._labels = list(labels)
        self._ids = {label.id for label in self._labels}

    @property
    def annotations(self) -> int:
        """Number of annotations so far."""
        return len(self._annotations)

    def add(self, image: CocoImage) -> int:
        """Add an image and return how many objects of it had pixels.

        Raises
        ------
        FormatError
            The map has an id without an object, or an object a label that is not there.
        ShapeError
            The map is not (H, W) of an unsigned type.
        """
        height, width = image.object_map.shape
        image_id = len(self._images) + 1
        found: list[dict[str, Any]] = []
        ious: list[float] = []
        holes = 0
        for object_id, rle in encode_objects(image.object_map):
            item = image.objects.get(object_id)
            if item is None:
                raise FormatError(
                    f"has pixels of object {object_id}, which does not exist",
                    path=image.file_name,
                    remedy="Add the object or erase its pixels",
                )
            if item.label_id not in self._ids:
                raise FormatError(
                    f"has an object of the unknown label id {item.label_id}",
                    path=image.file_name,
                    remedy="Add the label or give the object another one",
                )
            segmentation: Any = {"size": [height, width], "counts": rle["counts"].decode("ascii")}
            if self._polygons:
                segmentation, iou, slits = encode_polygons(image.object_map, object_id, rle)
                ious.append(iou)
                holes += slits
            said: dict[str, Any] = {
                "iscrowd": 0,
                **image.extra.get("objects", {}).get(object_id, {}),
            }
            if self._polygons:
                said["iscrowd"] = 0  # crowds are run lengths
            attributes = said.pop("attributes", {})
            annotation: dict[str, Any] = {
                "id": len(self._annotations) + len(found) + 1,
                "image_id": image_id,
                "category_id": item.label_id,
                "segmentation": segmentation,
                "area": int(coco_mask.area(rle)),
                "bbox": [float(value) for value in coco_mask.toBbox(rle)],
                **said,
            }
            attributes = _named(attributes, item.name)
            if attributes:
                annotation["attributes"] = attributes
            found.append(annotation)
        self._images.append(
            {
                **image.extra.get("image", {}),
                "id": image_id,
                "file_name": image.file_name,
                "width": width,
                "height": height,
            }
        )
        self._annotations += found
        self.ious += ious
        self.holes += holes
        return len(found)

    def to_json(self) -> dict[str, Any]:
        """Return the file's content as plain values."""
        return {
            "info": {"description": f"Exported by SPN Annotator {__version__}"},
            "licenses": [],
            "images": self._images,
            "annotations": self._annotations,
            "categories": [
                {
                    "id": label.id,
                    "name": label.name,
                    "supercategory": "",
                    "color": color_to_hex(label.color),
                }
                for label in self._labels
            ],
        }

    def write(self, path: Path | str) -> None:
        """Write the file, whole or not at all.

        Raises
        ------
        SaveError
            It cannot be written.
        """
        text = json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":"))
        atomic_write_bytes(path, text.encode("utf-8", "backslashreplace") + b"\n")


def encode_objects(object_map: np.ndarray) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each object id of a map with its compressed RLE, in the order of the ids.

    One pass over the map finds the runs of all objects, so that many small objects cost no more
    than few large ones.

    Parameters
    ----------
    object_map : (H, W) array of an unsigned type
        0 = nothing.

    Raises
    ------
    ShapeError
        It is something else.
    """
    if object_map.ndim != 2 or not object_map.size or object_map.dtype.kind != "u":
        raise ShapeError(
            f"object_map must be (H, W) of an unsigned type, got shape {object_map.shape} "
            f"of {object_map.dtype}"
        )
    flat = object_map.ravel(order="F")
    starts = np.concatenate(([0], np.flatnonzero(flat[1:] != flat[:-1]) + 1))
    ends = np.append(starts[1:], flat.size)
    values = flat[starts]
    order = np.argsort(values, kind="stable")
    ids, firsts = np.unique(values[order], return_index=True)
    for object_id, runs in zip(ids.tolist(), np.split(order, firsts[1:]), strict=True):
        if object_id:
            counts = _counts(starts[runs], ends[runs], flat.size)
            height, width = object_map.shape
            yield (
                object_id,
                coco_mask.frPyObjects({"size": [height, width], "counts": counts}, height, width),
            )


def encode_polygons(
    object_map: np.ndarray, object_id: int, rle: dict[str, Any]
) -> tuple[list[list[float]], float, int]:
    """Return the polygons of an object, and what they are worth.

    Parameters
    ----------
    object_map : (H, W) array
    object_id : int
    rle : dict
        The object as :func:`encode_objects` gave it.

    Returns
    -------
    list of list of float
        x and y in turn, along the edges of the pixels.
    float
        Intersection over union of the object with what pycocotools makes of the polygons.
    int
        How many holes became slits.
    """
    from spn_annotator.formats.polygons import outlines, overlap

    x, y, width, height = (int(value) for value in coco_mask.toBbox(rle))
    mask = object_map[y : y + height, x : x + width] == object_id
    found = outlines(mask)
    back = rasterised([item.ring for item in found], (height, width))
    polygons = [(item.ring + np.array((x, y))).ravel().tolist() for item in found]
    return polygons, overlap(mask, back), sum(item.holes for item in found)


def rasterised(polygons: Sequence[np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    """Return the (H, W) bool mask that pycocotools makes of polygons taken together."""
    height, width = shape
    rings = [ring.ravel().tolist() for ring in polygons]
    rle = coco_mask.merge(coco_mask.frPyObjects(rings, height, width))
    code = {"size": [height, width], "counts": rle["counts"].decode("ascii")}
    part, left = decode_rle(code, shape, "a polygon")
    mask = np.zeros(shape, bool)
    mask[:, left : left + part.shape[1]] = part
    return mask


def _named(attributes: Any, name: str) -> Any:
    """Return attributes as some other tool left them, with the name that the object has now."""
    if not isinstance(attributes, dict):
        return {"name": name} if name else attributes
    others = {key: value for key, value in attributes.items() if key != "name"}
    return {**others, "name": name} if name else others


def _counts(starts: np.ndarray, ends: np.ndarray, size: int) -> Sequence[int]:
    """Return the lengths of the runs of zeros and ones in turn, zeros first."""
    edges = np.empty(2 * len(starts) + 2, np.int64)
    edges[0], edges[-1] = 0, size
    edges[1:-1:2], edges[2:-1:2] = starts, ends
    counts = np.diff(edges).tolist()
    return counts if counts[-1] else counts[:-1]
