"""Ways in which the files of a data set can be wrong, chosen by a seed."""

from __future__ import annotations

import copy
import json
import os
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Values that no file should have in these places, and some that it may.
NASTY: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    3,
    2**31,
    10**30,
    -(10**30),
    10**4000,
    1e308,
    -0.5,
    float("nan"),
    float("inf"),
    "",
    "cat",
    "../../outside.png",
    "/etc/hostname",
    "C:\\outside.png",
    "a/../../outside.png",
    "\0",
    "\ud800",
    "x" * 5000,
    [],
    {},
    [[]],
    [[1, 2], [3]],
    [-1, 5, -7, 9],
    [10**9, 10**9],
    [1.5, None, "a", [], {}],
    "-1",
    "1e999",
)
# None of these may come out of a file that a data set names.
OUTSIDE = "outside.png"


def mutate(rng: random.Random, folder: Path) -> str:
    """Spoil a file of a data set and return what was done to it."""
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.name != "export_report.json"
    )
    path = rng.choice(files)
    kinds: list[Callable[[random.Random, Path], str]] = [_bits, _truncate, _piece, _link, _swap]
    suffix = path.suffix.lower()
    if suffix in (".json", ".jsonl"):
        kinds += [_values] * 8 + [_deep, _raw_json]
    elif suffix in (".txt", ".yaml"):
        kinds += [_words] * 6 + [_yaml]
    elif suffix == ".png":
        kinds += [_header, _header, _bomb, _pixels]
    elif suffix == ".tif":
        kinds += [_pixels]
    kind = rng.choice(kinds)
    return f"{path.relative_to(folder)}: {kind(rng, path)}"


def _bits(rng: random.Random, path: Path) -> str:
    data = bytearray(path.read_bytes())
    number = rng.choice((1, 2, 5, 20))
    for _ in range(number if data else 0):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)
    return f"{number} bits flipped"


def _truncate(rng: random.Random, path: Path) -> str:
    data = path.read_bytes()
    end = rng.randrange(len(data) + 1)
    path.write_bytes(data[:end])
    return f"cut at {end} of {len(data)}"


def _piece(rng: random.Random, path: Path) -> str:
    data = path.read_bytes()
    start = rng.randrange(len(data) + 1)
    piece = data[start : start + rng.choice((1, 8, 200))]
    path.write_bytes(data[:start] + piece * rng.choice((0, 2, 50)) + data[start + len(piece) :])
    return f"a piece at {start} left out or doubled"


def _link(rng: random.Random, path: Path) -> str:
    """Replace a file by a link: out of the data set, to nothing, or to itself."""
    root = path
    while not (root / OUTSIDE).exists():
        root = root.parent
    target = rng.choice((str(root / OUTSIDE), "missing", path.name, ".", "/etc/hostname"))
    path.unlink()
    path.symlink_to(target)
    return "a link to " + ("outside" if target.endswith(OUTSIDE) else target)


def _swap(rng: random.Random, path: Path) -> str:
    """Put a folder, nothing, or a pipe that nobody writes to in the place of a file."""
    path.unlink()
    kind = rng.choice(("folder", "nothing", "pipe"))
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    return f"a {kind} in its place"


def _values(rng: random.Random, path: Path) -> str:
    """Change, remove or double a value of a JSON file."""
    lines = path.read_text().splitlines() if path.suffix == ".jsonl" else [path.read_text()]
    number = rng.randrange(len(lines))
    content = json.loads(lines[number])
    done = []
    for _ in range(rng.choice((1, 1, 1, 3))):
        places = list(_places(content))
        if not places:
            break
        # Each key as often as the others: else nearly all would be numbers of masks.
        wanted = rng.choice(sorted({str(key) for _, key in places if isinstance(key, str)} or {""}))
        holder, key = rng.choice([p for p in places if str(p[1]) == wanted] or places)
        if isinstance(holder[key], list) and holder[key] and rng.random() < 0.5:
            holder, key = holder[key], rng.randrange(len(holder[key]))
        what = rng.random()
        if what < 0.15:
            del holder[key]
            done.append(f"{wanted} removed")
        elif what < 0.3 and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
            done.append(f"an entry of {wanted} doubled")
        else:
            value = rng.choice(NASTY)
            holder[key] = copy.deepcopy(value)
            done.append(f"{wanted} = {value!r:.30}")
    # The limit of digits is one of reading; some tools know none.
    lines[number] = _dumped(content)
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    return ", ".join(done)


def _dumped(content: Any) -> str:
    import sys

    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return json.dumps(content)
    finally:
        sys.set_int_max_str_digits(before)


def _places(content: Any) -> Any:
    if isinstance(content, dict):
        for key in content:
            yield content, key
            yield from _places(content[key])
    elif isinstance(content, list):
        for key in range(len(content)):
            yield content, key
            yield from _places(content[key])


def _deep(rng: random.Random, path: Path) -> str:
    depth = rng.choice((100, 5_000, 1_000_000))
    opening = rng.choice(("[", '{"a":'))
    path.write_text('{"images": [], "shapes": ' + opening * depth)
    return f"{depth} times {opening}"


def _raw_json(rng: random.Random, path: Path) -> str:
    text = rng.choice(
        ("null", "3", "[]", "{}", '"a"', "NaN", "[1, 2", "\ufeff{}", "", "1" * 10_000)
    )
    path.write_text(text)
    return f"nothing but {text[:20]!r}"


def _words(rng: random.Random, path: Path) -> str:
    """Change a word of a text file."""
    words = path.read_text().split(" ")
    place = rng.randrange(len(words))
    value = rng.choice(NASTY)
    if isinstance(value, int) and abs(value) > 10**40:
        value = "9" * 5000
    words[place] = str(value) + ("\n" if words[place].endswith("\n") else "")
    path.write_bytes(" ".join(words).encode("utf-8", "surrogatepass"))
    return f"word {place} = {value!r:.30}"


def _yaml(rng: random.Random, path: Path) -> str:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    text = rng.choice(
        (
            bomb + "names: *i\n",
            "names: &n\n  0: *n\n",
            "names: !!python/object/apply:os.system ['touch owned']\n",
            "names: " + "[" * 100_000,
            "names: {0: cat, 0: dog, -1: x, a: y}\n",
            "names: 2026-01-01\n",
            "names: [" + "x," * 300 + "]\n",
        )
    )
    path.write_text(text)
    return f"settings {text[:30]!r}"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _header(rng: random.Random, path: Path) -> str:
    """Give a PNG another size, depth or kind, with a check sum that is right."""
    data = path.read_bytes()
    width, height, bits, color, *rest = struct.unpack(">IIBBBBB", data[16:29])
    what = rng.choice(("width", "height", "both", "bits", "color"))
    if what == "bits":
        bits = rng.choice((1, 2, 4, 8, 16))
    elif what == "color":
        color = rng.choice((0, 2, 3, 4, 6))
    elif what == "both":
        width, height = rng.choice(((60_000, 60_000), (9_900, 9_900), (1, 1)))
    else:
        value = rng.choice((0, 1, 5, 40, 100_000, 2**31 - 1))
        width, height = (value, height) if what == "width" else (width, value)
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color, *rest))
    path.write_bytes(data[:8] + head + data[33:])
    return f"{width} x {height}, {bits} bits, kind {color}"


def _bomb(rng: random.Random, path: Path) -> str:
    """Write a small file that unpacks to much."""
    side, color = rng.choice(((40_000, 0), (9_000, 0), (5_000, 2), (9_000, 3)))
    channels = 3 if color == 2 else 1
    squeeze = zlib.compressobj(1)
    row = b"\0" * (side * channels + 1)
    body = b"".join(squeeze.compress(row * 100) for _ in range(min(side, 9_000) // 100))
    body += squeeze.flush()
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, color, 0, 0, 0))
    palette = _chunk(b"PLTE", b"\0\0\0") if color == 3 else b""
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + head + palette + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")
    )
    return f"a bomb of {side} x {side}, kind {color}"


def _pixels(rng: random.Random, path: Path) -> str:
    """Write another picture of the same name: another size, unknown labels, colours."""
    import numpy as np
    from PIL import Image

    shape = rng.choice(((23, 31), (1, 1), (31, 23), (200, 3)))
    dtype, channels = rng.choice(((np.uint8, 0), (np.uint16, 0), (np.uint8, 3), (np.uint8, 4)))
    size = (*shape, channels) if channels else shape
    values = np.random.default_rng(rng.randrange(1000)).integers(0, np.iinfo(dtype).max, size)
    kind = "TIFF" if path.suffix == ".tif" else "PNG"
    Image.fromarray(values.astype(dtype)).save(path, kind)
    return f"other pixels, {shape} x {channels} of {np.dtype(dtype)}"
