"""Time of the refiner against its peers at fixed sizes, and memory and time of large images.

    python -m benchmarks.refine_speed WIDTH HEIGHT [--model FILE] [--device NAME]

refines one large image and prints its figures as JSON: a process of its own, because the peak of
memory is that of a process.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

from spn_kernels import ops  # noqa: E402  (the paths come first)

from benchmarks.cases import Fill, timing_case  # noqa: E402
from benchmarks.peers import BINARY_ONLY, Peer  # noqa: E402
from benchmarks.report import peak_bytes  # noqa: E402
from spn_annotator.cv import cv2  # noqa: E402
from spn_annotator.refine import Refiner  # noqa: E402

SIZES = ((1000, 750), (2000, 1500), (4000, 3000))
SCENES: dict[str, Fill] = {
    "one object, fills the image": "full",
    "one object, small": "small",
    "8 labels, whole image": "labels",
}


UNFUSED = ", propagation not fused"
"""What stands after the name of a refiner that propagates in single steps."""


@contextmanager
def unfused_propagation() -> Iterator[None]:
    """Store each direction's scan before the merge, as where gradients are wanted."""
    fused = ops._can_fuse  # pyright: ignore[reportPrivateUsage]
    ops._can_fuse = lambda *_: False  # pyright: ignore[reportPrivateUsage]
    try:
        yield
    finally:
        ops._can_fuse = fused  # pyright: ignore[reportPrivateUsage]


def median_ms(call: Callable[[], object], repeats: int) -> float:
    """Return the median time of a call in milliseconds, after one that is not counted."""
    call()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return 1e3 * median(times)


@dataclass(frozen=True)
class Speed:
    """Times in milliseconds.

    Attributes
    ----------
    scenes : dict
        At 512 x 512, by scene and method.
    set_image : dict of int to float
        By the image's side.
    first_refinement : dict of int to float
        ``set_image`` and the first refinement of one object that fills the image: what is worked
        out about the image only when it is needed counts here.
    """

    scenes: dict[str, dict[str, float]]
    set_image: dict[int, float]
    first_refinement: dict[int, float]

    def ratio(self, scene: str, peer: str, method: str) -> float | None:
        """Return how many times longer a peer takes, None if it did not run."""
        times = self.scenes[scene]
        return times[peer] / times[method] if peer in times else None


def measure_speed(
    refiners: Mapping[str, Refiner], peers: Mapping[str, Peer], *, repeats: int
) -> Speed:
    """Time each method on the same three masks on one photograph of 512 x 512 pixels."""
    name, first = next(iter(refiners.items()))
    scenes: dict[str, dict[str, float]] = {}
    for scene, fill in SCENES.items():
        rgb, coarse = timing_case(fill)
        times: dict[str, float] = {}
        for title, refiner in refiners.items():
            refiner.set_image(rgb)
            times[title] = median_ms(lambda r=refiner, c=coarse: r.refine(c), repeats)
        with unfused_propagation():
            times[name + UNFUSED] = median_ms(lambda r=first, c=coarse: r.refine(c), repeats)
        for title, peer in peers.items():
            if title in BINARY_ONLY and fill == "labels":
                continue
            times[title] = median_ms(lambda p=peer, i=rgb, c=coarse: p(i, c), repeats)
        scenes[scene] = times
    set_image, first_refinement = {}, {}
    for side in (512, 1024):
        rgb, coarse = timing_case("full", side)
        set_image[side] = median_ms(lambda r=first, i=rgb: r.set_image(i), repeats)

        def both(refiner: Refiner = first, rgb=rgb, coarse=coarse) -> None:
            refiner.set_image(rgb)
            refiner.refine(coarse)

        first_refinement[side] = median_ms(both, repeats)
    return Speed(scenes, set_image, first_refinement)


@dataclass(frozen=True)
class Large:
    """A large image in a process of its own.

    Attributes
    ----------
    seconds : float
        ``set_image`` and the first refinement of a label map with several objects.
    again_seconds : float
        The next refinement of the same image.
    peak_gigabytes : float or None
        Peak of the process's memory, 10⁹ bytes; None where the system does not tell.
    """

    width: int
    height: int
    seconds: float
    again_seconds: float
    peak_gigabytes: float | None

    @property
    def megapixels(self) -> float:
        """Return the size in millions of pixels."""
        return self.width * self.height / 1e6


def measure_large(width: int, height: int, *, model: Path | None, device: str) -> Large:
    """Refine an image of this size in a new process and return its figures.

    Raises
    ------
    RuntimeError
        The process failed.
    """
    command = [sys.executable, "-m", "benchmarks.refine_speed", str(width), str(height)]
    command += ["--device", device]
    if model is not None:
        command += ["--model", str(model)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
    return Large(**json.loads(done.stdout.splitlines()[-1]))


def refine_large(width: int, height: int, model: Path | None, device: str) -> Large:
    """Refine a photograph enlarged to this size, in this process."""
    import numpy as np

    from spn_annotator.samples import load_samples

    sample = next(s for s in load_samples()[1] if s.name == "coffee")
    rgb = cv2.resize(sample.image(), (width, height), interpolation=cv2.INTER_CUBIC)
    # Grain, so that no tile is easier than one of a camera; in bands, so that making the image is
    # not what takes the most memory.
    rng = np.random.default_rng(0)
    for top in range(0, height, 128):
        band = rgb[top : top + 128]
        grain = rng.integers(-5, 6, (*band.shape[:2], 1), dtype=np.int16)
        band[:] = np.clip(band + grain, 0, 255)
    coarse = cv2.resize(sample.coarse().array, (width, height), interpolation=cv2.INTER_NEAREST)
    refiner = Refiner(model, device)
    refiner.warm_up()
    began = time.perf_counter()
    refiner.set_image(rgb)
    refiner.refine(coarse)
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    refiner.refine(coarse)
    again = time.perf_counter() - began
    peak = peak_bytes()
    return Large(width, height, seconds, again, None if peak is None else peak / 1e9)


def main() -> None:
    """Refine one large image and print its figures as a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("width", type=int)
    parser.add_argument("height", type=int)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    figures = refine_large(options.width, options.height, options.model, options.device)
    print(json.dumps(asdict(figures)))


if __name__ == "__main__":
    main()
