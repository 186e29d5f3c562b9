"""Stand-ins for the model that other processes can load, and that fail as they are told to."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from tests.batch.support import GrowingRefiner

CURSED = 66
"""The value of an image's first pixel on which a fake does its worst."""


@dataclass(frozen=True)
class FakeMaker:
    """Makes a refiner that needs no time; its result depends on the image, as the model's does.

    Attributes
    ----------
    seconds : float
        What a refinement takes.
    on_cursed : str
        ``raise`` or ``die``: what happens on a cursed image.
    log : Path or None
        Gets a byte for each refinement, of whatever process.
    pids : Path or None
        Folder that gets a file for each process that refines, named after it.
    heals : Path or None
        File that is made when a cursed image fails; it does no harm once the file is there.
    name : str
        In place of a checksum.
    broken : bool
        Whether the model does not load.
    """

    seconds: float = 0.0
    on_cursed: str = "raise"
    log: Path | None = None
    pids: Path | None = None
    heals: Path | None = None
    name: str = "fake"
    broken: bool = False

    def __call__(self) -> _Fake:
        if self.broken:
            from spn_annotator.errors import ModelFileError

            raise ModelFileError("is no model", path="fake.safetensors")
        return _Fake(self)

    def checksum(self) -> str:
        return self.name


class _Fake(GrowingRefiner):
    def __init__(self, maker: FakeMaker) -> None:
        super().__init__()
        self.maker = maker

    def refine(self, coarse: np.ndarray, *, labels=None, unknown="auto") -> SimpleNamespace:
        if self.maker.log is not None:
            with self.maker.log.open("ab") as file:
                file.write(b".")
        if self.maker.pids is not None:
            (self.maker.pids / str(os.getpid())).touch()
        time.sleep(self.maker.seconds)
        healed = self.maker.heals is not None and self.maker.heals.exists()
        if self.rgb[0, 0, 0] == CURSED and not healed:
            if self.maker.heals is not None:
                self.maker.heals.touch()
            if self.maker.on_cursed == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            raise RuntimeError("cursed")
        proposal = super().refine(coarse, labels=labels, unknown=unknown)
        # Something of the image gets into the result, so that a mix-up would show.
        free = proposal.label_map == 0
        proposal.label_map[free] = (self.rgb[..., 0][free] % 3 == 0) * proposal.label_map.max()
        return proposal
