"""The samples: photographs that scikit-image brings along, and rough masks of ours for them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from spn_annotator.annotation.document import Document
from spn_annotator.annotation.labels import LabelSet
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.errors import FileReadError, FormatError
from spn_annotator.formats.atomic import atomic_write_bytes, make_folder
from spn_annotator.formats.images import write_image
from spn_annotator.formats.masks import LabelMapFile, read_label_map
from spn_annotator.paths import resources_dir
from spn_annotator.project import Project, Status


@dataclass(frozen=True)
class Sample:
    """A photograph with a rough mask.

    Attributes
    ----------
    name : str
        As in ``skimage.data``; the stem of its files.
    title, licence : str
        What it shows and by whom, and its terms.
    coarse_path : Path
        The coarse mask: object ids, 0 background, 255 unknown.
    scribbles : bool
        Whether the mask is a few lines with everything else unknown.
    objects : tuple of AnnotatedObject
        By the ids of the mask.
    """

    name: str
    title: str
    licence: str
    coarse_path: Path
    scribbles: bool
    objects: tuple[AnnotatedObject, ...]

    def image(self) -> np.ndarray:
        """Return the photograph, (H, W, 3) uint8 RGB.

        Raises
        ------
        FileReadError
            The installed scikit-image does not hold it.
        """
        from skimage import data

        try:
            return np.ascontiguousarray(getattr(data, self.name)())
        except (AttributeError, OSError, ImportError) as error:
            raise FileReadError(
                f"the photograph {self.name} is missing from scikit-image",
                remedy="Install scikit-image again",
            ) from error

    def coarse(self) -> LabelMapFile:
        """Return the coarse mask; in scribbles 255 is unknown, in the others nothing is."""
        return read_label_map(self.coarse_path, unknown="auto" if self.scribbles else None)


def load_samples() -> tuple[LabelSet, tuple[Sample, ...]]:
    """Return the labels and the samples.

    Raises
    ------
    FileReadError, FormatError
        The program's resources are missing or damaged.
    """
    folder = resources_dir() / "samples"
    path = folder / "labels.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        labels = LabelSet.from_json(content)
        samples = tuple(_sample(entry, folder) for entry in content["pictures"])
    except OSError as error:
        raise FileReadError(
            "the samples are missing", path=path, remedy="Install spn-annotator again"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise FormatError(
            "the list of samples is damaged", path=path, remedy="Install spn-annotator again"
        ) from error
    return labels, samples


def write_samples(folder: Path | str) -> tuple[Path, Path]:
    """Write the photographs and their coarse masks, and return the two folders.

    Parameters
    ----------
    folder : Path or str
        Gets ``images/NAME.png`` and ``coarse/NAME.png``; made if missing.

    Raises
    ------
    SaveError
        It cannot be written to.
    """
    images = make_folder(Path(folder) / "images")
    coarse = make_folder(Path(folder) / "coarse")
    for sample in load_samples()[1]:
        write_image(images / f"{sample.name}.png", sample.image())
        atomic_write_bytes(coarse / f"{sample.name}.png", sample.coarse_path.read_bytes())
    return images, coarse


def sample_project(folder: Path | str) -> Path:
    """Make the sample project in a folder, and return the folder.

    A folder that holds the project already is left as it is, with all that was done in it.

    Parameters
    ----------
    folder : Path or str
        Made if missing.

    Raises
    ------
    SaveError
        It cannot be written to.
    """
    folder = make_folder(folder)
    labels, samples = load_samples()
    by_file = {f"{sample.name}.png": sample for sample in samples}
    for name, sample in by_file.items():
        if not (folder / name).exists():
            write_image(folder / name, sample.image())
    with Project.open(folder) as project:
        project.scan()
        if not len(project.labels):
            project.save_labels(labels)
        for record in project.images():
            sample = by_file.get(record.path)
            # Labels of another kind mean that the project is somebody's own by now.
            if sample is not None and not record.saved and project.labels == labels:
                document = _document(sample, labels)
                project.save(record.id, document, status=Status.IN_PROGRESS)
    return folder


def _sample(entry: dict[str, Any], folder: Path) -> Sample:
    return Sample(
        name=entry["name"],
        title=entry["title"],
        licence=entry["licence"],
        coarse_path=folder / f"{entry['name']}.png",
        scribbles=entry["scribbles"],
        objects=tuple(
            AnnotatedObject(item["id"], item["label"], item["name"]) for item in entry["objects"]
        ),
    )


def _document(sample: Sample, labels: LabelSet) -> Document:
    """Return a sample's mask as the strokes a person would have made."""
    coarse = sample.coarse().array
    document = Document(coarse.shape, labels, objects=sample.objects)
    if sample.scribbles:
        document.fill_mask(coarse == 0, object_id=0, kind="sure")
    for item in sample.objects:
        document.fill_mask(coarse == item.id, object_id=item.id, kind="rough")
    return document
