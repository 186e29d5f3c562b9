"""How long it takes to make training examples, by kind of coarse mask, beside a training step.

    make bench-synthesis ARGS="[--data DATA] [--config RECIPE]"

Milliseconds of processor time: reading, cropping and recolouring an image with its truth; each kind
of mask on it; the second look in the training process; and a training step of the same batch, on
one core each. Examples starve nobody as long as one core makes more of them than another one uses.
Without ``--data`` composites of scikit-image's pictures are taken, which have few labels.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

import numpy as np  # noqa: E402  (the paths come first)
import torch  # noqa: E402

from benchmarks.cases import shipped_cases  # noqa: E402
from benchmarks.report import RESULTS, machine, print_table, write_json  # noqa: E402
from spn_annotator.cv import cv2  # noqa: E402
from spn_annotator.network.model import SpnRefiner  # noqa: E402
from spn_annotator.training.config import TrainConfig, read_config  # noqa: E402
from spn_annotator.training.corrections import second_pass  # noqa: E402
from spn_annotator.training.data import (  # noqa: E402
    Entry,
    Steps,
    make_example,
    read_entries,
)
from spn_annotator.training.run import take_step  # noqa: E402
from spn_annotator.training.synthesis import KINDS  # noqa: E402
from spn_annotator.training.team import Team  # noqa: E402


def shipped_entries(folder: Path) -> list[Entry]:
    """Write the composites as files and return them as training images."""
    entries = []
    for case in shipped_cases(["brush"]):
        image, mask = folder / f"{case.stem}.jpg", folder / f"{case.stem}.png"
        cv2.imwrite(str(image), cv2.cvtColor(case.rgb, cv2.COLOR_RGB2BGR))
        cv2.imwrite(str(mask), case.truth)
        entries.append(Entry(image, mask, case.set, "binary"))
    return entries


def milliseconds(call: Callable[[int], object], count: int) -> float:
    """Return the processor time of a call, the mean over numbers up to ``count``."""
    call(0)
    began = time.process_time()
    for i in range(count):
        call(i)
    return 1e3 * (time.process_time() - began) / count


def measure(entries: list[Entry], config: TrainConfig, *, count: int) -> dict[str, float]:
    """Return milliseconds by what they are spent on."""
    order = np.random.default_rng(0).choice(len(entries), count)

    def example(kinds: list[str]) -> Callable[[int], object]:
        return lambda i: make_example(
            entries[order[i]], config, np.random.default_rng(i), kinds=kinds
        )

    found = {"image": milliseconds(example([]), count)}
    for kind in KINDS:
        found[kind] = milliseconds(example([kind]), count) - found["image"]
    shares = np.array(list(config.kinds.values()))
    masks = float(shares @ [found[kind] for kind in config.kinds] / shares.sum())
    found["batch"] = config.images_per_step * (found["image"] + config.masks_per_image * masks)
    batch = Steps(entries, config)[0]
    guess = batch.truth[:, None].roll(5, -1)
    found["second look"] = milliseconds(lambda i: second_pass(batch, guess, config, i), 5)
    model = SpnRefiner(config.model).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    plain = config.model_copy(update={"second_pass": 0.0})
    team = Team(torch.device("cpu"))
    found["step"] = milliseconds(lambda i: take_step(model, batch, plain, i, team), 2)
    return found


def main() -> None:
    """Measure, print a table and write it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder with manifest.csv")
    parser.add_argument("--config", type=Path, help="recipe; the default one if left out")
    parser.add_argument("--count", type=int, default=60, help="examples of each kind")
    parser.add_argument("--json", type=Path, default=RESULTS / "synthesis.json")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    config = read_config(options.config)
    with tempfile.TemporaryDirectory() as folder:
        entries = (
            read_entries(options.data, "train") if options.data else shipped_entries(Path(folder))
        )
        found = measure(entries, config, count=options.count)
    print_table(["", "ms"], [[name, f"{value:.1f}"] for name, value in found.items()])
    need = found["batch"] / found["step"]
    print(f"examples for one core that learns take {100 * need:.0f} % of another one")
    write_json(options.json, {"machine": machine("torch", "opencv-python"), "milliseconds": found})


if __name__ == "__main__":
    main()
