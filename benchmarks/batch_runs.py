"""What the benchmark of batch runs does in processes of their own, one a configuration.

Each writes one line of JSON: images a second, seconds and the peak of the memory of the process and
all it started. ``python -m benchmarks.batch_runs NAME FOLDER IMAGES``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

import numpy as np  # noqa: E402  (the paths come first)

from spn_annotator.batch.settings import BatchSettings, usable_cores  # noqa: E402
from spn_annotator.cv import cv2  # noqa: E402
from spn_annotator.formats.images import read_image, write_image  # noqa: E402
from spn_annotator.formats.masks import read_label_map, write_label_map  # noqa: E402
from spn_annotator.samples import load_samples  # noqa: E402

_LOOK_EVERY = 0.05  # seconds between looks at the memory


def make_data(folder: Path, count: int, size: tuple[int, int], *, seed: int = 0) -> None:
    """Write ``count`` images of a size (width, height) and binary coarse masks of them.

    They are pieces of scikit-image's photographs, each another one.
    """
    chance = np.random.default_rng(seed)
    samples = [sample for sample in load_samples()[1] if sample.coarse().unknown is None]
    sources = [(sample.image(), sample.coarse().array) for sample in samples]
    for name in ("images", "coarse"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number in range(count):
        rgb, ids = sources[number % len(sources)]
        part = chance.uniform(0.8, 1.0)
        height, width = (int(part * side) for side in ids.shape)
        top = chance.integers(0, ids.shape[0] - height + 1)
        left = chance.integers(0, ids.shape[1] - width + 1)
        window = (slice(top, top + height), slice(left, left + width))
        image = cv2.resize(rgb[window], size, interpolation=cv2.INTER_CUBIC)
        chosen = np.argmax(np.bincount(ids[window].ravel())[1:]) + 1
        mask = (ids[window] == chosen).astype(np.uint8) * 255
        mask = cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST)
        if number % 2:
            image, mask = image[:, ::-1], mask[:, ::-1]
        write_image(folder / "images" / f"i{number:04}.png", np.ascontiguousarray(image))
        write_label_map(folder / "coarse" / f"i{number:04}.png", np.ascontiguousarray(mask))


class Memory:
    """Watches the resident memory of this process and of all below it."""

    def __init__(self) -> None:
        self.peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_EVERY):
            self.peak = max(self.peak, _resident(os.getpid()))


def _resident(pid: int) -> int:
    """Return bytes; pages that processes share count once for each."""
    try:
        total = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += sum(_resident(int(c)) for c in (task / "children").read_text().split())
    except (OSError, IndexError, ValueError):
        return 0  # it has ended in between, or this is no Linux
    return total


def pairs(folder: Path, limit: int) -> list[tuple[Path, Path]]:
    """Return images and masks."""
    found = sorted((folder / "images").iterdir())[:limit]
    return [(path, folder / "coarse" / path.name) for path in found]


def loop(refine: Callable[[np.ndarray, np.ndarray], np.ndarray], folder: Path, limit: int) -> dict:
    """Read, refine and write one image after the other, as a script does."""
    with tempfile.TemporaryDirectory() as out:
        begin = time.perf_counter()
        for image, mask in pairs(folder, limit):
            rgb, file = read_image(image), read_label_map(mask)
            result = refine(rgb, file.ids())
            write_label_map(Path(out) / image.name, file.with_ids(result).array, like=file)
        seconds = time.perf_counter() - begin
    return {"seconds": seconds, "images": limit}


def bare(folder: Path, limit: int, threads: int) -> dict:
    """Call the refiner in a loop; reading is not counted."""
    from spn_annotator.batch.refiners import ModelChoice, limit_threads

    limit_threads(threads)
    refiner = ModelChoice(device="cpu")()
    seconds = 0.0
    for image, mask in pairs(folder, limit):
        rgb, ids = read_image(image), read_label_map(mask).ids()
        begin = time.perf_counter()
        refiner.set_image(rgb)
        refiner.refine(ids, unknown=None)
        seconds += time.perf_counter() - begin
    return {"seconds": seconds, "images": limit}


def pipeline(folder: Path, limit: int, settings: BatchSettings) -> dict:
    """Run what `spn-annotator refine` runs."""
    from spn_annotator.batch.plan import plan_jobs
    from spn_annotator.batch.refiners import ModelChoice
    from spn_annotator.batch.refining import run_jobs

    with tempfile.TemporaryDirectory() as out:
        jobs = plan_jobs(images=folder / "images", coarse=folder / "coarse", out=out)[:limit]
        report = run_jobs(jobs, out=out, maker=ModelChoice(device="cpu"), settings=settings)
    assert report.is_clean
    return {"seconds": report.seconds, "images": limit}


def run(name: str, folder: Path, limit: int) -> dict:
    """Do one configuration."""
    cores = usable_cores()
    settings = {
        "1 process": BatchSettings(processes=1, threads=cores),
        "1 process, 1 thread": BatchSettings(processes=1, threads=1),
        "2 processes": BatchSettings(processes=2, threads=1),
        "ray": BatchSettings(engine="ray", processes=2, threads=1),
    }
    if name in settings:
        return pipeline(folder, limit, settings[name])
    if name == "bare refine call":
        return bare(folder, limit, cores)
    if name == "bare refine call, 1 thread":
        return bare(folder, limit, 1)
    from benchmarks import peers

    return loop({"grabcut": peers.grabcut, "dense crf": peers.dense_crf}[name], folder, limit)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("folder", type=Path)
    parser.add_argument("images", type=int)
    options = parser.parse_args()
    with Memory() as memory:
        figures = run(options.name, options.folder, options.images)
    figures["rate"] = figures["images"] / figures["seconds"]
    figures["peak_bytes"] = memory.peak
    print("RESULT " + json.dumps(figures))
