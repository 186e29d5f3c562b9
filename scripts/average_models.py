"""Write the mean of the weights of models of one shape.

    python scripts/average_models.py 4.safetensors 5.safetensors --out model.safetensors

A model and one that was trained on from it often do best in between: what the sixth part of the
shipped model's recipe begins with, and what its seventh ends with. A model that is named twice
counts twice.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

import torch  # noqa: E402  (the paths come first)

from spn_annotator.errors import ModelFileError, SpnAnnotatorError  # noqa: E402
from spn_annotator.network.checkpoint import load_model, read_header, save_model  # noqa: E402
from spn_annotator.network.model import SpnRefiner  # noqa: E402


def mean_of(paths: list[Path]) -> SpnRefiner:
    """Return a model whose weights are the mean of those in the files.

    Raises
    ------
    ModelFileError
        A file is missing or damaged, or the models differ in shape.
    """
    first, *others = (load_model(path) for path in paths)
    for path, other in zip(paths[1:], others, strict=True):
        if other.config != first.config:
            raise ModelFileError(
                f"this model has another shape than {paths[0]}",
                path=path,
                remedy="Give models that were trained with the same [model] table",
            )
    with torch.no_grad():
        for weights in zip(*(m.parameters() for m in (first, *others)), strict=True):
            weights[0].copy_(torch.stack(weights).mean(0))
    return first


def main() -> int:
    """Do what the module says; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    try:
        model = mean_of(options.models)
        header = read_header(options.models[-1])
        about = {k: v for k, v in header.items() if k in ("steps", "seed")}
        save_model(model, options.out, about=about, compact=True)
    except SpnAnnotatorError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"wrote {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
