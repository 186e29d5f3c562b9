"""The canvas in the hand, and napari painting the same strokes, in one run.

    python -m benchmarks.bench_gui [--side 10000] [--objects 200] [--moves 60]
        [--napari-python PYTHON] [--skip-refine] [--json FILE]

On an image of ``side`` squared pixels with many objects: milliseconds from a mouse move to the
painted frame (median, 95th percentile) for brushes of 5, 50 and 500 px at 100 % and fitted; undo
of a big stroke; a proposal shown, accepted and taken back; a label's colour; the next image. On
512² and 2,048²: from the end of a stroke to the drawn proposal. Peak memory against the bytes of
image and object map. Of the full size the figures go into ``benchmarks/results/gui.json`` too, of
any size to the file given.

napari runs in a process of its own, with the Python of an environment that has napari and a Qt
binding in it (``--napari-python``, or ``NAPARI_PYTHON``); without one it is left out and said to
be. Both draw offscreen at the same size. napari draws through OpenGL: without a display it is run
under ``xvfb-run`` where that is installed, in software. That is slow, so the time it takes to paint
into its arrays alone, before the frame, stands in lines of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spn_annotator.annotation import Document
    from spn_annotator.gui.session import Session

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from benchmarks.gui_napari import (  # noqa: E402  (the paths come first)
    BRUSHES,
    HEIGHT,
    WIDTH,
    napari,
)
from benchmarks.report import peak_bytes  # noqa: E402

_GOALS = {"move p95": 16.0, "undo": 50.0, "memory": 1.5}


def strokes(width: int, height: int, moves: int) -> list[tuple[int, int]]:
    """Return the way of the mouse in logical pixels: a wave across the canvas."""
    import math

    return [
        (
            round(width * (0.15 + 0.7 * step / moves)),
            round(height * (0.5 + 0.25 * math.sin(step / 4))),
        )
        for step in range(moves + 1)
    ]


def percentile(values: list[float], share: float) -> float:
    """Return a percentile by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def figures(seconds: list[float]) -> dict[str, float]:
    """Return median and 95th percentile in milliseconds."""
    return {
        "median": round(statistics.median(seconds) * 1000, 2),
        "p95": round(percentile(seconds, 0.95) * 1000, 2),
    }


def make_project(folder: Path, side: int, objects: int) -> None:
    """Write two images of a side and give each many objects of eight labels."""
    import numpy as np
    from PIL import Image

    from spn_annotator.annotation import AnnotatedObject, LabelSet
    from spn_annotator.project import Project

    Image.MAX_IMAGE_PIXELS = None
    rng = np.random.default_rng(7)
    small = rng.integers(0, 256, (max(1, side // 50), max(1, side // 50), 3), dtype=np.uint8)
    rgb = np.asarray(Image.fromarray(small).resize((side, side), Image.Resampling.BILINEAR))
    for name in ("one.png", "two.png"):
        Image.fromarray(rgb).save(folder / name, compress_level=1)
    labels = LabelSet()
    for number in range(8):
        labels.add(f"label {number + 1}", key=str(number + 1))
    extent = max(4, side // 20)
    object_map = np.zeros((side, side), np.uint16)
    for number in range(1, objects + 1):
        y, x = (int(v) for v in rng.integers(0, side - extent, 2))
        object_map[y : y + extent, x : x + extent] = number
    items = [AnnotatedObject(i, 1 + i % 8) for i in range(1, objects + 1)]
    with Project.open(folder) as project:
        project.scan()
        project.save_labels(labels)
        for record in project.images():
            document = project.load(record.id)
            document.import_map(object_map, objects=items)
            project.save(record.id, document)


class Ours:
    """Our window on a project."""

    def __init__(self, folder: Path, refiner: Callable[[], Any] | None) -> None:
        from PySide6.QtCore import QSettings

        from spn_annotator.gui.app import make_application
        from spn_annotator.gui.settings import Settings
        from spn_annotator.gui.theme import Theme
        from spn_annotator.gui.window import MainWindow
        from spn_annotator.gui.workers.refine import default_refiner

        self.app = make_application()
        store = QSettings(str(folder / "bench.ini"), QSettings.Format.IniFormat)
        theme = Theme()
        self.window = MainWindow(Settings(store), theme, refiner=refiner or default_refiner)
        theme.setParent(self.window)
        self.window.resize(WIDTH, HEIGHT)
        self.window.show()
        self.window.commands.open_path(folder)
        self.wait(lambda: self.window.workspace.picture is not None)
        self.canvas = self.window.canvas
        self.window.actions_["show_minimap"].setChecked(False)

    @property
    def session(self) -> Session:
        """What is open."""
        session = self.window.workspace.session
        assert session is not None
        return session

    @property
    def document(self) -> Document:
        """What is annotated of the image at hand."""
        document = self.session.document
        assert document is not None
        return document

    def wait(self, ready: Callable[[], object], seconds: float = 600) -> None:
        """Turn the event loop until something is true."""
        until = time.monotonic() + seconds
        while not ready():
            self.app.processEvents()
            time.sleep(0.0005)  # as an event loop does: the threads need the interpreter too
            if time.monotonic() > until:
                raise TimeoutError("the window did not get ready")

    def frame(self) -> None:
        """Paint what has to be painted, now."""
        self.app.processEvents()

    def close(self) -> None:
        """Close the window without saving."""
        self.window.workspace.abandon_project()
        self.window.close()

    def send(self, kind: str, x: int, y: int) -> None:
        """Send a mouse event to the canvas."""
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent

        types = {
            "press": QEvent.Type.MouseButtonPress,
            "move": QEvent.Type.MouseMove,
            "release": QEvent.Type.MouseButtonRelease,
        }
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        at = QPointF(x, y)
        event = QMouseEvent(
            types[kind],
            at,
            self.canvas.mapToGlobal(at),
            none if kind == "move" else left,
            none if kind == "release" else left,
            Qt.KeyboardModifier.NoModifier,
        )
        self.app.sendEvent(self.canvas, event)

    def paint(self, size: int, moves: int) -> list[float]:
        """Paint one stroke; returns the seconds of each move until its frame is painted."""
        self.window.workspace.painting.set_size(size)
        way = strokes(self.canvas.width(), self.canvas.height(), moves)
        self.send("press", *way[0])
        self.frame()
        times = []
        for point in way[1:]:
            began = time.perf_counter()
            self.send("move", *point)
            self.frame()
            times.append(time.perf_counter() - began)
        self.send("release", *way[-1])
        self.frame()
        return times


def timed(act: Callable[[], object], frame: Callable[[], object]) -> float:
    """Return the seconds of an act until its frame is painted."""
    began = time.perf_counter()
    act()
    frame()
    return time.perf_counter() - began


def our_canvas(folder: Path, side: int, moves: int) -> dict[str, Any]:
    """Measure the canvas on the large image."""
    ours = Ours(folder, None)
    ours.frame()
    found: dict[str, Any] = {"moves": {}}
    for zoom in (1.0, None):
        if zoom is None:
            ours.canvas.fit()
        else:
            ours.canvas.zoom_to(zoom)
        ours.frame()
        for size in BRUSHES:
            ours.paint(size, moves // 4)  # once before it counts
            times = [t for _ in range(3) for t in ours.paint(size, moves)]
            place = "100 %" if zoom else "fitted"
            found["moves"][f"{size} px, {place}"] = figures(times)
    ours.canvas.zoom_to(1.0)
    ours.paint(500, moves)
    document = ours.document
    found["undo"] = figures([timed(ours.window.workspace.undo, ours.frame)])
    found["redo"] = figures([timed(ours.window.workspace.redo, ours.frame)])
    session = ours.session
    label = next(iter(document.labels))
    colors = [(10 * i, 99, 200) for i in range(1, 11)]

    def recolor(color: tuple[int, int, int]) -> None:
        session.change_label(label.id, color=color)

    found["label colour"] = figures(
        [timed(lambda color=color: recolor(color), ours.frame) for color in colors]
    )
    found.update(accepting(ours))
    began = time.perf_counter()
    ours.window.workspace.step(1)
    ours.wait(lambda: ours.window.workspace.picture is not None)
    ours.frame()
    found["next image"] = {"median": round((time.perf_counter() - began) * 1000, 1)}
    pixels = side * side
    found["peak bytes"] = peak_bytes() or 0
    found["image and object map bytes"] = 5 * pixels
    ours.close()
    return found


def accepting(ours: Ours) -> dict[str, Any]:
    """Measure a proposal that moves every border by some pixels: shown, accepted, taken back."""
    import numpy as np

    from spn_annotator.annotation import prepare_proposal

    document = ours.document
    moved = np.array(document.object_map)
    moved[4:] = np.where(moved[4:] == 0, moved[:-4], moved[4:])
    ours.wait(lambda: not document.is_dirty)  # saving makes way for nothing here
    prepared = prepare_proposal(moved, against=document.object_map, sure=document.sure_map)
    workspace, times = ours.window.workspace, {}
    for name, act in (
        ("proposal shown", lambda: document.set_proposal(prepared, revision=document.revision)),
        ("accept", workspace.accept),
        ("undo of accept", workspace.undo),
    ):
        times[name] = figures([timed(act, ours.frame)])
    return times


def our_memory(folder: Path) -> dict[str, int]:
    """Return the memory before and after one image is open, and after a stroke on it."""
    ours = Ours(folder, None)
    opened = peak_bytes() or 0
    ours.canvas.zoom_to(1.0)
    ours.paint(50, 20)
    found = {"opened": opened, "painted": peak_bytes() or 0}
    ours.close()
    return found


def our_refinement(side: int) -> dict[str, float]:
    """Measure from the end of a stroke to the drawn proposal, in live mode."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_project(folder, side, 1)
        ours = Ours(folder, None)
        ours.window.actions_["live"].setChecked(True)
        ours.paint(max(8, side // 16), 10)
        document = ours.document

        def shown() -> bool:
            proposal = document.proposal
            return proposal is not None and proposal.revision == document.revision

        ours.wait(shown)
        times = []
        way = strokes(ours.canvas.width(), ours.canvas.height(), 10)
        for number in range(1, 6):
            # A little wider each time: a stroke that changes nothing asks for no proposal.
            ours.window.workspace.painting.set_size(max(8, side // 16) + 2 * number)
            ours.send("press", *way[0])
            for point in way[1:]:
                ours.send("move", *point)
            ours.frame()
            revision = document.revision
            began = time.perf_counter()
            ours.send("release", *way[-1])
            assert document.revision > revision, "the stroke has changed nothing"
            ours.wait(shown)
            ours.frame()
            times.append(time.perf_counter() - began)
        ours.close()
    return figures(times)


def report(result: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the table."""
    ours, other = result["ours"], result["napari"]
    known = other if isinstance(other, dict) else {}
    title = f"napari {known['version']}" if known else "napari"
    yield f"{result['side']:,}² px, {result['objects']} objects; milliseconds"
    yield f"{'':28}{'ours median':>12}{'p95':>9}{title + ' median':>22}{'p95':>9}{'ratio':>8}"
    for name, row in ours["moves"].items():
        line = f"{'move, ' + name:28}{row['median']:12.2f}{row['p95']:9.2f}"
        peer = known.get("moves", {}).get(name)
        if peer:
            line += f"{peer['median']:22.2f}{peer['p95']:9.2f}{peer['median'] / row['median']:8.1f}"
        yield line
    for name, row in known.get("events", {}).items():
        text = f"napari without its frame, {name}"
        ratio = row["median"] / ours["moves"][name]["median"]
        yield f"{text:49}{row['median']:22.2f}{row['p95']:9.2f}{ratio:8.1f}"
    steps = ("undo", "redo", "proposal shown", "accept", "undo of accept")
    for name in (*steps, "label colour", "next image"):
        line = f"{name:28}{ours[name]['median']:12.2f}"
        if name in known:
            ratio = known[name]["median"] / ours[name]["median"]
            line += f"{'':9}{known[name]['median']:22.2f}{'':9}{ratio:8.1f}"
        yield line
    for side, row in result["refinement"].items():
        name = f"stroke to proposal, {side}²"
        yield f"{name:28}{row['median']:12.1f}{row['p95']:9.1f}"
    memory, least = result["memory"], ours["image and object map bytes"]
    extra = memory["painted"] - result["bytes before"]
    yield (
        f"peak memory: {memory['painted'] / 2**20:,.0f} MiB, of that {extra / 2**20:,.0f} MiB for"
        f" an image and object map of {least / 2**20:,.0f} MiB ({extra / least:.2f} times)"
    )
    if known:
        yield f"napari's peak memory: {known['peak bytes'] / 2**20:,.0f} MiB"
        if not known.get("painted", True):
            yield "napari did not paint with every brush: its times above do not count"
    else:
        yield str(other)
    worst = max(row["p95"] for row in ours["moves"].values())
    yield (
        f"goals: move p95 <= {_GOALS['move p95']:.0f} ms: {worst:.1f};"
        f" undo <= {_GOALS['undo']:.0f} ms: {ours['undo']['median']:.1f};"
        f" memory <= {_GOALS['memory']}: {extra / least:.2f}"
    )


def in_process(part: str, *arguments: object) -> Any:
    """Run a part of this benchmark in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "benchmarks.bench_gui", "--part", part, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        if line.startswith("RESULT"):
            return json.loads(line.removeprefix("RESULT"))
    raise SystemExit(f"{part} failed:\n{done.stderr[-2000:]}")


def run_part(part: str, values: list[str]) -> None:
    """Do what :func:`in_process` asks for."""
    if part == "canvas":
        found: Any = our_canvas(Path(values[0]), int(values[1]), int(values[2]))
    elif part == "memory":
        found = our_memory(Path(values[0]))
    elif part == "empty":
        with tempfile.TemporaryDirectory() as name:
            make_project(Path(name), 64, 1)
            found = our_memory(Path(name))["painted"]
    else:
        found = our_refinement(int(values[0]))
    print("RESULT" + json.dumps(found), flush=True)
    os._exit(0)


def main() -> None:
    """Run everything and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--side", type=int, default=10_000)
    parser.add_argument("--objects", type=int, default=200)
    parser.add_argument("--moves", type=int, default=60)
    parser.add_argument("--napari-python", default=os.environ.get("NAPARI_PYTHON", ""))
    parser.add_argument("--skip-refine", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("values", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        run_part(options.part, options.values)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_project(folder, options.side, options.objects)
        result: dict[str, Any] = {
            "side": options.side,
            "objects": options.objects,
            "machine": {"processor": platform.processor() or platform.machine()},
            "ours": in_process("canvas", folder, options.side, options.moves),
            "memory": in_process("memory", folder),
            "bytes before": in_process("empty"),
        }
    sides = [] if options.skip_refine else [512, 2048]
    result["refinement"] = {f"{side:,}": in_process("refinement", side) for side in sides}
    result["napari"] = (
        napari(options.napari_python, options.side, options.objects, options.moves)
        if options.napari_python
        else "napari was left out: give the Python of an environment with it by --napari-python"
    )
    for line in report(result):
        print(line)
    path = options.json
    if path is None and options.side >= 10_000:  # a small run is a try
        path = ROOT / "benchmarks" / "results" / "gui.json"
    if path is not None:
        path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
