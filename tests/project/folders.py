"""Project folders for the tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from spn_annotator.annotation import Document
from spn_annotator.project import Project


def image(path: Path, *, width: int = 60, height: int = 40) -> Path:
    """Write a small image."""
    Image.fromarray(np.full((height, width, 3), 127, np.uint8)).save(path)
    return path


def folder(path: Path, *names: str, width: int = 60, height: int = 40) -> Path:
    """Write a folder of images; ``a.png`` and ``b.png`` if no names are given."""
    path.mkdir(exist_ok=True)
    for name in names or ("a.png", "b.png"):
        image(path / name, width=width, height=height)
    return path


def opened(path: Path) -> Project:
    """Open a folder and look for its images."""
    project = Project.open(path)
    project.scan()
    return project


def annotated(project: Project, image_id: int = 1, *, name: str = "cat") -> Document:
    """Load an image and paint an object of a label on it, unsaved."""
    document = project.load(image_id)
    label = document.labels.by_name(name) or document.add_label(name)
    item = document.add_object(label.id)
    with document.begin_stroke(kind="rough", object_id=item.id) as stroke:
        stroke.segment((10, 10), (document.shape[1] - 5, document.shape[0] - 5), 4)
    with document.begin_stroke(kind="sure", object_id=item.id) as stroke:
        stroke.segment((20, 15), (20, 15), 2)
    return document
