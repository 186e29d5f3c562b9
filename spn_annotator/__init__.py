"""SPN Annotator: rough masks in, exact masks out.

>>> import numpy as np
>>> from spn_annotator import Refiner
>>> image = np.full((64, 64, 3), 40, np.uint8)
>>> image[16:48, 16:48] = (200, 60, 30)
>>> coarse = np.zeros((64, 64), np.uint8)
>>> coarse[12:44, 20:52] = 1
>>> proposal = Refiner(device="cpu").refine(image, coarse)
>>> proposal.label_map.shape, sorted(set(proposal.label_map.ravel().tolist()))
((64, 64), [0, 1])

Importing this package loads neither torch nor Qt: what is asked for is loaded then.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from spn_annotator.threads import let_idle_threads_rest

if TYPE_CHECKING:
    from spn_annotator.batch.dataset import BatchResult, refine_dataset
    from spn_annotator.refine import Proposal, Refiner

__version__ = "0.1.0"
__all__ = ["BatchResult", "Proposal", "Refiner", "__version__", "refine_dataset"]

let_idle_threads_rest(os.environ)  # here, since torch must not be there yet

_WHERE = {
    "BatchResult": "spn_annotator.batch.dataset",
    "Proposal": "spn_annotator.refine",
    "Refiner": "spn_annotator.refine",
    "refine_dataset": "spn_annotator.batch.dataset",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_WHERE])
