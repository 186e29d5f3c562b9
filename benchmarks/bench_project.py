"""A project of 100,000 images: opening, filtering, sorting; seconds and memory.

    python -m benchmarks.bench_project [--images N] [--repeat N] [--folder DIR] [--json FILE]

Makes a folder of tiny images in three subfolders and a project in which half of them have a mask,
a third a proposal with a confidence and some a comment, or takes the one a former run left in
``--folder``. Each figure is the best of several runs, each in a program of its own, so that memory
is what that one step needs. The aims: each of them under 2 s and 500 MB.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

import numpy as np  # noqa: E402  (the paths come first)

from benchmarks.report import peak_bytes  # noqa: E402
from spn_annotator.formats.images import write_image  # noqa: E402
from spn_annotator.project import PROJECT_NAME, ImageQuery, Project, Status  # noqa: E402

SIDE = 16
AIM_SECONDS, AIM_MEGABYTES = 2.0, 500
QUERIES = {
    "filter by status": ImageQuery(statuses=(Status.TODO, Status.REJECTED)),
    "filter by name": ImageQuery(text="STREET_9"),
    "filter by label": ImageQuery(label_id=2),
    "filter by comment": ImageQuery(commented=True),
    "sort by confidence": ImageQuery(order="confidence"),
    "sort by status": ImageQuery(order="status"),
    "sort by name, backwards": ImageQuery(descending=True),
    "proposals, least sure first": ImageQuery(statuses=(Status.PROPOSED,), order="confidence"),
}
STEPS = ("open again", "open and look for new images", *QUERIES)


def make_images(folder: Path, count: int) -> None:
    """Write the images, all with the same few bytes."""
    write_image(folder / "seed.png", np.full((SIDE, SIDE, 3), 128, np.uint8))
    data = (folder / "seed.png").read_bytes()
    (folder / "seed.png").unlink()
    for number in range(count):
        place = folder / ("", "left", "right")[number % 3]
        place.mkdir(exist_ok=True)
        (place / f"street_{number}.png").write_bytes(data)


def fill(folder: Path) -> None:
    """Give the images annotations, proposals and comments, as work of months would."""
    dice = random.Random(1)
    tile = zlib.compress(np.ones((SIDE, SIDE), "<u2").tobytes(), 1)
    with closing(sqlite3.connect(folder / PROJECT_NAME)) as connection, connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM image")]
        connection.executemany(
            "INSERT INTO label VALUES (?, ?, '#ff0000', NULL, 1, 0)",
            ((number, f"label {number}") for number in range(1, 21)),
        )
        masked = [image_id for image_id in ids if image_id % 2]
        connection.executemany(
            "UPDATE image SET width = ?, height = ?, status = ?, saved = CURRENT_TIMESTAMP, "
            "file_size = 1, file_time = 1, file_checksum = 'x' WHERE id = ?",
            ((SIDE, SIDE, dice.choice(list(Status)).value, image_id) for image_id in masked),
        )
        connection.executemany(
            "INSERT INTO object VALUES (?, ?, ?, '')",
            ((i, number, dice.randint(1, 20)) for i in masked for number in (1, 2, 3, 4)),
        )
        connection.executemany(
            "INSERT INTO tile VALUES (?, 'object', 0, 0, ?, ?, '<u2', ?)",
            ((image_id, SIDE, SIDE, tile) for image_id in masked),
        )
        proposed = [image_id for image_id in ids if image_id % 3 == 0]
        connection.executemany(
            "INSERT INTO proposal VALUES (?, 'model', CURRENT_TIMESTAMP)", ((i,) for i in proposed)
        )
        connection.executemany(
            "UPDATE image SET confidence = ? WHERE id = ?",
            ((dice.random(), image_id) for image_id in proposed),
        )
        connection.executemany(
            "INSERT INTO comment (image_id, author, written, text) VALUES (?, 'a', 'now', 'hm')",
            ((image_id,) for image_id in ids[::50]),
        )


def peak_megabytes() -> float:
    """Return the most memory this program has held."""
    return (peak_bytes() or 0) / 1e6


def step(folder: Path, name: str) -> dict[str, float]:
    """Do one step; return its seconds and the program's peak of memory in MB."""
    start = time.perf_counter()
    with Project.open(folder) as project:
        if name == "open again":
            project.images()
        elif name in QUERIES:
            project.images()
            start = time.perf_counter()
            project.select(QUERIES[name])
        else:
            project.scan()
            project.images()
        seconds = time.perf_counter() - start
    return {"seconds": seconds, "megabytes": peak_megabytes()}


def measured(folder: Path, name: str, repeat: int) -> dict[str, float]:
    """Do one step in programs of its own; return the best time and the most memory."""
    command = [sys.executable, "-m", "benchmarks.bench_project", "--step", name, "--folder"]
    runs: list[dict[str, float]] = []
    for _ in range(repeat):
        done = subprocess.run(
            [*command, str(folder)], cwd=ROOT, check=True, capture_output=True, text=True
        )
        runs.append(json.loads(done.stdout))
    return {
        "seconds": min(run["seconds"] for run in runs),
        "megabytes": max(run["megabytes"] for run in runs),
    }


def prepared(folder: Path, count: int) -> float:
    """Make the project unless it is there; return how long the first look took, in seconds."""
    if (folder / PROJECT_NAME).exists():
        return 0.0
    folder.mkdir(parents=True, exist_ok=True)
    make_images(folder, count)
    start = time.perf_counter()
    with Project.open(folder) as project:
        project.scan()
    seconds = time.perf_counter() - start
    fill(folder)
    return seconds


def run(folder: Path, *, count: int, repeat: int) -> dict[str, Any]:
    """Measure everything and print a table."""
    first = prepared(folder, count)
    found: dict[str, Any] = {}
    if first:
        print(f"first look at a new folder of {count:,} images: {first:.2f} s")
        found["first look at a new folder"] = {"seconds": first}
    print(f"{'':32} seconds      MB")
    for name in STEPS:
        figures = measured(folder, name, repeat)
        within = figures["seconds"] < AIM_SECONDS and figures["megabytes"] < AIM_MEGABYTES
        note = "" if within else f"  over {AIM_SECONDS:.0f} s or {AIM_MEGABYTES} MB"
        print(f"{name:32} {figures['seconds']:7.2f} {figures['megabytes']:7.0f}{note}")
        found[name] = {key: round(value, 6) for key, value in figures.items()}
    size = (folder / PROJECT_NAME).stat().st_size
    print(f"project file: {size / 1e6:.0f} MB")
    return {"images": count, "machine": platform.machine(), "steps": found, "file_bytes": size}


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keep the project there for the next run")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        print(json.dumps(step(options.folder, options.step)))
        return
    with tempfile.TemporaryDirectory() as spare:
        folder = options.folder or Path(spare) / "project"
        report = run(folder, count=options.images, repeat=options.repeat)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
