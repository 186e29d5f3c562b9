"""napari painting the strokes of ``bench_gui``, in a process and an environment of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

BRUSHES = (5, 50, 500)
"""Diameters in pixels, for both programs."""

WIDTH, HEIGHT = 1440, 900
"""Size of both windows in pixels."""

_NAPARI = r"""
import json, os, statistics, sys, time
import numpy as np
side, objects, moves, brushes, width, height = json.loads(sys.argv[1])
import napari
from qtpy.QtWidgets import QApplication
from qtpy.QtCore import QEvent, QPointF, Qt
from qtpy.QtGui import QMouseEvent
rng = np.random.default_rng(7)
small = rng.integers(0, 256, (max(1, side // 50),) * 2 + (3,), dtype=np.uint8)
image = np.repeat(np.repeat(small, 50, 0), 50, 1)[:side, :side]
extent = max(4, side // 20)
labels = np.zeros((side, side), np.uint16)
for number in range(1, objects + 1):
    y, x = (int(v) for v in rng.integers(0, side - extent, 2))
    labels[y:y + extent, x:x + extent] = number
viewer = napari.Viewer(show=True)
viewer.window.resize(width, height)
viewer.add_image(image, rgb=True)
layer = viewer.add_labels(labels)
layer.mode = "paint"
app = QApplication.instance()
canvas = viewer.window._qt_viewer.canvas.native
def frame():
    viewer.window._qt_viewer.canvas._scene_canvas.update()
    app.processEvents()
    viewer.window._qt_viewer.canvas._scene_canvas._backend.update()
    app.processEvents()
def send(kind, x, y):
    types = {"press": QEvent.Type.MouseButtonPress, "move": QEvent.Type.MouseMove,
             "release": QEvent.Type.MouseButtonRelease}
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    at = QPointF(x, y)
    app.sendEvent(canvas, QMouseEvent(types[kind], at, canvas.mapToGlobal(at),
        none if kind == "move" else left, none if kind == "release" else left,
        Qt.KeyboardModifier.NoModifier))
def way():
    import math
    return [(round(canvas.width() * (0.15 + 0.7 * s / moves)),
             round(canvas.height() * (0.5 + 0.25 * math.sin(s / 4)))) for s in range(moves + 1)]
def paint(size, count):
    layer.brush_size = size
    layer.selected_label = 1
    points = way()[:count + 1]
    send("press", *points[0]); frame()
    times = []
    for point in points[1:]:
        began = time.perf_counter(); send("move", *point)
        events.append(time.perf_counter() - began); frame()
        times.append(time.perf_counter() - began)
    send("release", *points[-1]); frame()
    return times
def figures(times):
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return {"median": round(statistics.median(times) * 1000, 2), "p95": round(p95 * 1000, 2)}
found = {"version": napari.__version__, "moves": {}, "events": {}}
events = []
for place, zoom in (("100 %", 1.0), ("fitted", None)):
    viewer.reset_view() if zoom is None else setattr(viewer.camera, "zoom", zoom)
    frame()
    for size in brushes:
        before = layer.data[::7, ::7].copy()
        paint(size, max(4, moves // 4))
        events.clear()
        times = paint(size, moves)
        found["moves"][f"{size} px, {place}"] = figures(times)
        found["events"][f"{size} px, {place}"] = figures(events)
        found.setdefault("painted", True)
        if size >= 50 and (layer.data[::7, ::7] == before).all():
            found["painted"] = False
viewer.camera.zoom = 1.0
paint(500, moves)
began = time.perf_counter(); layer.undo(); frame()
found["undo"] = {"median": round((time.perf_counter() - began) * 1000, 2)}
from benchmarks.report import peak_bytes

found["peak bytes"] = peak_bytes() or 0
print("RESULT" + json.dumps(found))
viewer.close()
os._exit(0)
"""


def napari(python: str, side: int, objects: int, moves: int) -> dict[str, Any] | str:
    """Let napari paint the same strokes; a text says why there is no result."""
    command = [python, "-c", _NAPARI, json.dumps([side, objects, moves, BRUSHES, WIDTH, HEIGHT])]
    environment = dict(os.environ)
    if not os.environ.get("DISPLAY"):
        if shutil.which("xvfb-run") is None:
            return "napari draws through OpenGL and needs a display; xvfb-run is not installed"
        command = ["xvfb-run", "-a", "-s", f"-screen 0 {WIDTH}x{HEIGHT}x24", *command]
        environment.pop("QT_QPA_PLATFORM", None)
        environment.setdefault("LIBGL_ALWAYS_SOFTWARE", "1")
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,  # where "benchmarks" is found
            capture_output=True,
            text=True,
            timeout=1800,
            env=environment,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"napari did not run: {error}"
    for line in done.stdout.splitlines():
        if line.startswith("RESULT"):
            return json.loads(line.removeprefix("RESULT"))
    return f"napari did not run: {(done.stderr or done.stdout).strip()[-400:]}"
