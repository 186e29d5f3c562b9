"""Formats by name, those of other packages too."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from spn_annotator import cli
from spn_annotator.errors import FormatError, UsageError
from spn_annotator.formats.codec import Codec
from spn_annotator.formats.registry import codec_names, detect_codec, get_codec
from tests.formats.support import export, items, read, street

CODEC = '''
"""A format of another package: the object map as text."""

import numpy as np

from spn_annotator.annotation import AnnotatedObject
from spn_annotator.formats.codec import AnnotatedImage, Dataset, ExportItem, Traits, Written
from spn_annotator.formats.labelbook import LabelBook


class TextCodec:
    name = "text"
    traits = Traits(title="Text", layout="STEM.map")

    def detect(self, source):
        return source.is_dir() and any(source.glob("*.map"))

    def read(self, source, limits):
        book = LabelBook()

        def load(path):
            values = np.loadtxt(path, dtype=np.uint16, ndmin=2)
            label = book.named("thing")
            numbers = set(np.unique(values).tolist()) - {0}
            return AnnotatedImage(values, {n: AnnotatedObject(n, label) for n in numbers})

        found = [
            ExportItem(f"{path.stem}.png", lambda path=path: load(path))
            for path in sorted(source.glob("*.map"))
        ]
        return Dataset(source, book, found)

    def writer(self, out, options):
        return TextWriter(out)


class TextWriter:
    def __init__(self, out):
        self.out = out

    def add(self, image):
        file = self.out / f"{image.stem}.map"
        np.savetxt(file, image.object_map, fmt="%d")
        return Written((file,), len(image.areas))

    def finish(self, labels):
        return []
'''


def install(folder: Path, target: str, *, module: str) -> None:
    """Make a distribution that brings a format, as pip would leave it."""
    about = folder / "spn_text-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: spn-text\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[spn_annotator.formats]\ntext = {target}\n")
    (folder / f"{module}.py").write_text(CODEC)


def test_a_format_of_another_package_reads_writes_and_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path / "site", "spn_text_sound:TextCodec", module="spn_text_sound")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert "text" in codec_names()
    assert isinstance(get_codec("text"), Codec)
    export("text", items(tmp_path / "in", {"a.png": street()}), tmp_path / "out")
    assert detect_codec(tmp_path / "out").name == "text"
    (item,) = read("text", tmp_path / "out").items
    assert np.array_equal(item.load().object_map, street().object_map)
    out = tmp_path / "npz"
    assert cli.main(["convert", str(tmp_path / "out"), "--to", "npz", "--out", str(out)]) == 0
    assert (out / "a.npz").is_file()
    sys.modules.pop("spn_text_sound")


@pytest.mark.parametrize(
    "target", ["spn_text_broken:Missing", "spn_text_nowhere:TextCodec", "spn_text_broken:np"]
)
def test_a_format_that_cannot_be_loaded_says_so_and_hinders_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    install(tmp_path / "site", target, module="spn_text_broken")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    with pytest.raises(FormatError, match="the format text of spn-text"):
        get_codec("text")
    export("npz", items(tmp_path / "in", {"a.png": street()}), tmp_path / "out")
    assert detect_codec(tmp_path / "out").name == "npz"
    sys.modules.pop("spn_text_broken", None)


def test_unknown_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no format nonsense"):
        get_codec("nonsense")
    with pytest.raises(UsageError, match="looks like no format"):
        detect_codec(tmp_path)
    with pytest.raises(UsageError, match="does not exist"):
        detect_codec(tmp_path / "nothing")
