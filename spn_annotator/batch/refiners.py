"""What a run asks of the model, and how a process gets one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from spn_annotator.batch.looks import LOOKS
from spn_annotator.batch.places import sha256
from spn_annotator.cv import cv2
from spn_annotator.errors import ModelFileError, SpnAnnotatorError
from spn_annotator.formats.masks import Unknown
from spn_annotator.paths import default_model_path

if TYPE_CHECKING:
    from spn_annotator.refine.devices import Precision


class ProposalLike(Protocol):
    """What a run takes from a :class:`spn_annotator.refine.Proposal`."""

    @property
    def label_map(self) -> np.ndarray:
        """(H, W) ids, dtype of the coarse mask."""
        ...

    @property
    def confidence(self) -> np.ndarray:
        """(H, W) float32, 0 to 1."""
        ...

    @property
    def changed(self) -> int:
        """Number of pixels that differ from the coarse mask."""
        ...

    @property
    def device(self) -> str:
        """Where it was computed."""
        ...


class RefinerLike(Protocol):
    """What a run asks of a :class:`spn_annotator.refine.Refiner`; tests bring their own."""

    def set_image(self, rgb: np.ndarray, /) -> Any:
        """Take an image, (H, W, 3) uint8 RGB."""
        ...

    def refine(
        self,
        coarse: np.ndarray,
        /,
        *,
        sure: np.ndarray | None = None,
        labels: Collection[int] | None = None,
        unknown: Unknown = "auto",
    ) -> ProposalLike:
        """Return a proposal for a coarse mask of the image; ``sure`` comes where a job has it."""
        ...


@runtime_checkable
class PreparesMany(Protocol):
    """A refiner that takes in several images of one size at once, for a GPU to be busy."""

    @property
    def device(self) -> str:
        """Where it computes."""
        ...

    def prepare(self, images: Sequence[np.ndarray], /) -> Sequence[Any]:
        """Return for each image what ``set_image`` takes in its place."""
        ...


RefinerMaker = Callable[[], RefinerLike]


@dataclass(frozen=True)
class ModelChoice:
    """A model and where it runs; calling it loads the model. Can be sent to other processes.

    Attributes
    ----------
    model : Path or None
        The model file; the one that ships with the program if None.
    device : str
        ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.
    rounds, precision
        See :class:`spn_annotator.refine.Refiner`.
    """

    model: Path | None = None
    device: str = "auto"
    rounds: int = LOOKS
    precision: Precision = "auto"

    def __call__(self) -> RefinerLike:
        """Load the model and warm it up: the first image is not to pay for compiling."""
        from spn_annotator.refine import Refiner

        refiner = Refiner(
            self.model, device=self.device, rounds=self.rounds, precision=self.precision
        )
        refiner.warm_up()
        return refiner

    @property
    def name(self) -> str:
        """The name of the model file, without its suffix."""
        return (default_model_path() if self.model is None else Path(self.model)).stem

    def runs_on_gpu(self) -> bool:
        """Return whether the device is a GPU; may have to ask torch."""
        if self.device != "auto":
            return self.device.startswith("cuda")
        if not any(Path(name).exists() for name in ("/dev/nvidiactl", "/dev/dxg")):
            return False if sys.platform.startswith("linux") else self._ask_torch()
        return self._ask_torch()

    def _ask_torch(self) -> bool:
        from spn_annotator.refine import resolve_device

        return resolve_device("auto").type == "cuda"

    def checksum(self) -> str:
        """Return the checksum of the model file.

        Raises
        ------
        ModelFileError
            It is missing or cannot be read.
        """
        path = default_model_path() if self.model is None else Path(self.model)
        try:
            said = f"{sha256(path)}/rounds={self.rounds}"
        except SpnAnnotatorError as error:
            raise ModelFileError(error.message, path=error.path, remedy=error.remedy) from error
        return said if self.precision == "auto" else f"{said}/precision={self.precision}"


@dataclass(frozen=True)
class Loaded:
    """A refiner that is there already, for a run in this process."""

    refiner: RefinerLike
    said: str

    def __call__(self) -> RefinerLike:
        """Return the refiner."""
        return self.refiner

    def checksum(self) -> str:
        """Return what its maker says."""
        return self.said


def checksum_of(maker: RefinerMaker) -> str:
    """Return what tells the model of one maker from that of another."""
    if isinstance(maker, ModelChoice):
        return maker.checksum()
    said = getattr(maker, "checksum", None)
    if callable(said):
        return str(said())
    return f"{getattr(maker, '__module__', '?')}.{getattr(maker, '__qualname__', '?')}"


def limit_threads(threads: int) -> None:
    """Let this process compute on so many threads, with torch too where it is loaded already."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(threads)
    cv2.setNumThreads(threads)
    if "torch" in sys.modules:  # else it goes by the environment, once it is
        from spn_annotator.refine.devices import limit_threads as limit_torch

        limit_torch(threads)
