"""Files with wrong bytes in them are read or refused, but break nothing."""

from __future__ import annotations

import io
import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spn_annotator.errors import FileReadError, FormatError
from spn_annotator.formats.images import read_image, read_size
from spn_annotator.formats.masks import read_label_map

NOISE = np.random.default_rng(0).integers(0, 255, (24, 20, 3), dtype=np.uint8)


def encoded(name: str) -> bytes:
    """Return a small, turned picture in a format; BMP knows no EXIF."""
    tags = Image.Exif()
    tags[0x0112] = 6
    stream = io.BytesIO()
    Image.fromarray(NOISE).save(stream, name, **({} if name == "BMP" else {"exif": tags}))
    return stream.getvalue()


@pytest.mark.parametrize("name", ["JPEG", "PNG", "TIFF", "WEBP", "BMP"])
def test_wrong_bytes_in_images(tmp_path: Path, name: str) -> None:
    rng = random.Random(name)
    sound = encoded(name)
    path = tmp_path / "a.bin"
    reasons: list[str] = []
    for _ in range(200):
        data = bytearray(sound)
        for _ in range(rng.choice([1, 2, 5, 20])):
            data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(data[: rng.randrange(len(data))] if rng.random() < 0.2 else data)
        try:
            size = read_size(path)
            image = read_image(path)
        except FileReadError as error:
            reasons.append(str(error))
        else:
            assert image.shape == (size[1], size[0], 3)
    assert 0 < len(reasons) < 200
    assert all(text.startswith(f"{path}: ") and "\n" not in text for text in reasons)


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16"])
def test_wrong_bytes_in_label_maps(tmp_path: Path, mode: str) -> None:
    rng = random.Random(mode)
    stream = io.BytesIO()
    Image.new(mode, (9, 7)).save(stream, "PNG")
    path = tmp_path / "a.png"
    reasons: list[str] = []
    for _ in range(200):
        data = bytearray(stream.getvalue())
        data[rng.randrange(8, len(data))] = rng.randrange(256)
        path.write_bytes(data)
        try:
            file = read_label_map(path)
        except (FileReadError, FormatError) as error:
            reasons.append(str(error))
        else:
            assert file.array.dtype in (np.uint8, np.uint16)
            assert file.ids().shape == file.array.shape
    assert 0 < len(reasons) < 200
    assert all(text.startswith(f"{path}: ") and "\n" not in text for text in reasons)
