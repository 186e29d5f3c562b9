"""Batch runs: images a second by number of processes and on Ray, memory, and plain loops beside.

    make bench-batch
    make bench-batch ARGS="--small 30 --large 2 --peers 5 --memory 40,400"    # a fifth of the time

200 images of 512 x 512 and 20 of 4,000 x 3,000, made from scikit-image's photographs, go through
the bare refine call, the pipeline with one and two processes, Ray with two actors, and loops over
GrabCut and dense CRF (on fewer images, they are slow). Each runs in a process of its own, one after
the other, with one half of the images, and then with the other half in the opposite order: so a
machine whose speed drifts is as fast for each. Memory is the peak of all processes together;
whether it is flat is seen from many small images. Everything is measured in one run, so ratios mean
something on a machine that does other things too. Writes a table in JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

from benchmarks import peers as classic  # noqa: E402  (the paths come first)
from benchmarks.batch_runs import make_data  # noqa: E402
from benchmarks.report import RESULTS, machine, print_table, verdict, write_json  # noqa: E402
from spn_annotator.batch.settings import usable_cores  # noqa: E402

ENGINES = (
    "bare refine call",
    "bare refine call, 1 thread",
    "1 process",
    "1 process, 1 thread",
    "2 processes",
    "ray",
)
PEERS = ("grabcut", "dense crf")
MEMORY_SIZE = (160, 160)  # many images in little time


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", type=int, default=200, help="images of 512 x 512; 0: none")
    parser.add_argument("--large", type=int, default=20, help="images of 4,000 x 3,000; 0: none")
    parser.add_argument("--peers", type=int, default=20, help="small images for each peer")
    parser.add_argument("--large-peers", type=int, default=1, help="large images for each peer")
    parser.add_argument("--memory", default="200,2000", help="numbers of images; empty: none")
    parser.add_argument(
        "--only", action="append", default=[], choices=[*ENGINES, *PEERS], help="may be repeated"
    )
    parser.add_argument("--json", type=Path, default=RESULTS / "batch.json")
    return parser.parse_args(arguments)


def measure(name: str, folder: Path, images: int) -> dict | None:
    """Run a configuration in a process of its own; None, with the reason printed, if it fails."""
    command = [sys.executable, "-m", "benchmarks.batch_runs", name, str(folder), str(images)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if done.returncode or not lines:
        reason = (done.stderr.strip().splitlines() or ["no output"])[-1]
        print(f"left out: {name}: {reason}", flush=True)
        return None
    return json.loads(lines[-1].removeprefix("RESULT "))


def run(options: argparse.Namespace) -> dict:
    """Measure everything, print tables as they come, and return the figures."""
    wanted = options.only
    engines = [name for name in ENGINES if not wanted or name in wanted]
    _, reasons = classic.available()
    names = {"grabcut": "GrabCut", "dense crf": "dense CRF"}
    found: dict = {"machine": machine("torch", "numpy", "ray"), "cores": usable_cores()}
    sets = (
        ("512 x 512", (512, 512), options.small, options.peers),
        ("4,000 x 3,000", (4000, 3000), options.large, options.large_peers),
    )
    for title, size, count, for_peers in sets:
        if not count:
            continue
        configurations = [*engines, *(p for p in PEERS if not wanted or p in wanted)]
        one = measure_half(configurations, title, size, -(-count // 2), -(-for_peers // 2), seed=0)
        rest = (count // 2, -(-for_peers // 2))
        other = measure_half(configurations[::-1], title, size, *rest, seed=1)
        rows = {
            name: together([half[name] for half in (one, other) if name in half])
            for name in configurations
            if name in one or name in other
        }
        found[title] = rows
        print(f"\n{count} images of {title}")
        print_table(*table(rows, names))
        summary = ratios(rows)
        found[f"{title}, ratios"] = summary
        for line in spoken(summary):
            print(line)
        print()
    for name, reason in reasons.items():
        if name.lower() in PEERS:
            print(f"left out: {name}, {reason}")
    if options.memory:
        found["memory"] = memory([int(number) for number in options.memory.split(",")])
    return found


def measure_half(
    names: list[str], title: str, size: tuple[int, int], count: int, for_peers: int, *, seed: int
) -> dict[str, dict]:
    """Measure configurations in their order on ``count`` images, peers on no more than theirs."""
    rows = {}
    with tempfile.TemporaryDirectory(prefix="spn-bench-") as folder:
        make_data(Path(folder), count, size, seed=seed)
        for name in names:
            images = min(count, for_peers) if name in PEERS else count
            if images and (result := measure(name, Path(folder), images)) is not None:
                rows[name] = result
                print(f"{title}: {name}: {result['rate']:.3f} images/s", flush=True)
    return rows


def together(runs: list[dict]) -> dict:
    """Return the figures of several runs as of one."""
    seconds, images = (sum(run[key] for run in runs) for key in ("seconds", "images"))
    peak = max(run["peak_bytes"] for run in runs)
    return {"seconds": seconds, "images": images, "rate": images / seconds, "peak_bytes": peak}


def table(rows: dict[str, dict], names: dict[str, str]) -> tuple[list[str], list[list[str]]]:
    """Return headings and lines."""
    one = rows.get("1 process", {}).get("rate")
    headings = ["", "images", "images/s", "of 1 process", "peak memory"]
    lines = []
    for name, row in rows.items():
        share = f"{row['rate'] / one:.2f}" if one else ""
        peak = f"{row['peak_bytes'] / 2**20:,.0f} MiB"
        shown = f"loop over {names[name]}" if name in names else name
        lines.append([shown, str(row["images"]), f"{row['rate']:.3f}", share, peak])
    return headings, lines


def ratios(rows: dict[str, dict]) -> dict[str, float]:
    """Return the ratios that the bars are about."""
    rate = {name: row["rate"] for name, row in rows.items()}
    pairs = {
        "slower than the bare call": ("bare refine call", "1 process"),
        "slower than the bare call, 1 thread": (
            "bare refine call, 1 thread",
            "1 process, 1 thread",
        ),
    }
    found = {k: rate[a] / rate[b] - 1 for k, (a, b) in pairs.items() if a in rate and b in rate}
    for name in ("2 processes", "ray"):
        if name in rate and "1 process, 1 thread" in rate:
            found[f"{name}, share of twice one"] = rate[name] / (2 * rate["1 process, 1 thread"])
        for peer in PEERS:
            if name in rate and peer in rate:
                found[f"{name}, times {peer}"] = rate[name] / rate[peer]
    return found


def spoken(summary: dict[str, float]) -> list[str]:
    """Return a line for each ratio, with its bar where it has one."""
    lines = []
    for name, value in summary.items():
        if name.startswith("slower"):
            lines.append(f"{name}: {verdict(100 * value, 5, more=False, digits=1, unit=' %')}")
        elif name == "2 processes, share of twice one":
            lines.append(f"{name}: {verdict(value, 0.9, more=True)}")
        else:
            lines.append(f"{name}: {value:.2f}")
    return lines


def memory(counts: list[int]) -> dict[str, float]:
    """Return the peak of the memory by number of images, in MiB."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="spn-bench-") as folder:
        make_data(Path(folder), max(counts), MEMORY_SIZE)
        for count in counts:
            result = measure("1 process, 1 thread", Path(folder), count)
            if result is not None:
                found[str(count)] = result["peak_bytes"] / 2**20
                print(f"{count} images of 160 x 160: {found[str(count)]:,.0f} MiB", flush=True)
    if len(found) > 1:
        first, *_, last = found.values()
        growth = 100 * (last / first - 1)
        print(f"growth: {verdict(growth, 5, more=False, digits=1, unit=' %')}")
    return found


if __name__ == "__main__":
    chosen = parse()
    write_json(chosen.json, run(chosen))
