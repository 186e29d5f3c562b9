"""Reads mutated data sets in a process of its own, and says what broke; no test by itself.

Called with the name of a format, a folder to work in, the first seed and how many. Prints a line
before each case, so that a case that ends the process is known, and a line for each finding.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sys
import traceback
from pathlib import Path

import numpy as np

from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.formats.export import export_project
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.registry import detect_codec, get_codec
from spn_annotator.project import Project
from spn_annotator.project.importing import import_dataset
from tests.faults.mutations import OUTSIDE, mutate
from tests.formats.support import export, items, noise, picture, street

SECONDS = 5  # of processor time for one data set
BYTES = 1 << 30
LARGE = 4_000_000  # pixels
SECRET = 77  # side of the picture that nothing inside may lead to


def main(name: str, work: Path, first: int, number: int) -> None:
    """Mutate, read and convert one data set after the other."""
    os.fsync = lambda _: None  # nothing of this has to outlast a power cut
    sound = work / "sound"
    export(name, items(work / "in", {"a.png": street(), "b.png": noise(1)}), sound)
    picture(work / OUTSIDE, (SECRET, SECRET))
    before = _bytes("VmSize")
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (before + BYTES, hard))
    for seed in range(first, first + number):
        data, out, project = work / "data", work / "out", work / "project"
        for folder in (data, out, project):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(sound, data)
        done = mutate(random.Random(f"{name} {seed}"), data)
        print(f"CASE {name} {seed} {done!r}", flush=True)
        # Ends the process at once, in the middle of C code too.
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            # A project takes longer than all the rest, so not every case gets one.
            _convert(name, data, out, project if seed % 4 == 0 else None)
        except SpnAnnotatorError as error:
            text = str(error)
            if "\n" in text or len(text) > 2000:
                print(f"FOUND a message of {len(text)} letters", flush=True)
        except BaseException:  # noqa: BLE001 (whatever it is, it is what is looked for)
            print("FOUND " + traceback.format_exc().replace("\n", " | "), flush=True)
        signal.setitimer(signal.ITIMER_PROF, 0)
        expected = {"sound", "in", "data", "out", "project", OUTSIDE}
        strange = {path.name for path in work.iterdir()} - expected
        if strange or Path("owned").exists():
            print(f"FOUND files outside: {sorted(strange)}", flush=True)
    print("END", flush=True)


def _convert(name: str, data: Path, out: Path, project: Path | None) -> None:
    try:
        detect_codec(data)
    except SpnAnnotatorError:
        pass
    dataset = get_codec(name).read(data, Limits())
    small = []
    for item in dataset.items:
        try:
            annotated = item.load()
        except SpnAnnotatorError:
            small.append(item)
            continue
        if annotated.object_map.size < LARGE:
            small.append(item)
        present = set(np.unique(annotated.object_map[:50, :50]).tolist()) - {0}
        if present - set(annotated.objects):
            print("FOUND pixels of an object that is not there", flush=True)
        if annotated.object_map.shape == (SECRET, SECRET):
            print("FOUND the size of a picture outside", flush=True)
        for entry in annotated.objects.values():
            dataset.labels.get(entry.label_id)
    # To write a map of 80 megapixels takes its time; to refuse it, or to read it, does not.
    report = export_project(
        small,
        lambda: dataset.labels,
        out,
        ["labelme"],
        problems=dataset.problems,
        flat=True,
    )
    for skipped, reason in report.skipped:
        if "memory" in reason:
            print(f"FOUND {skipped}: {reason}", flush=True)
    if project is not None:
        dataset.items = small
        project.mkdir()
        with Project.open(project) as opened:
            import_dataset(dataset, opened)
            for line in opened.check():
                print(f"FOUND a damaged project: {line}", flush=True)
    for path in [*out.rglob("*"), *(project.rglob("*") if project is not None else ())]:
        if (
            path.suffix == ".png"
            and path.is_file()
            and path.read_bytes() == (data.parent / OUTSIDE).read_bytes()
        ):
            print(f"FOUND the picture outside as {path.name}", flush=True)


def _bytes(key: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(key)


if __name__ == "__main__":
    for arguments in sys.argv[2].split(","):
        place = Path(sys.argv[1]) / arguments
        place.mkdir()
        main(arguments, place, int(sys.argv[3]), int(sys.argv[4]))
