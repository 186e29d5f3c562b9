"""Files with the weights that a backbone starts from, before any training of ours."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from spn_annotator.errors import FormatError, ModelFileError
from spn_annotator.network.backbone import EfficientNetLite0
from spn_annotator.network.checkpoint import read_header, write_tensors

FORMAT = "spn-backbone-1"
FETCH = "python scripts/fetch_backbone.py backbone.safetensors"
"""The command that makes such a file, from the folder of the sources."""


def save_backbone(
    weights: dict[str, torch.Tensor], path: Path, *, about: dict[str, str] | None = None
) -> None:
    """Write the weights of an EfficientNet-Lite0, whole or not at all.

    Parameters
    ----------
    about : dict of str, optional
        More for the header: source, licence.

    Raises
    ------
    FormatError
        Names or shapes are not those of the network, or a weight is not finite.
    """
    _check(weights, path)
    write_tensors(
        path, weights, {"format": FORMAT, "network": "efficientnet-lite0"} | (about or {})
    )


def load_backbone(path: Path) -> dict[str, torch.Tensor]:
    """Return the weights in a file, for :meth:`EfficientNetLite0.load_state_dict`.

    Raises
    ------
    ModelFileError
        The file is missing, damaged or holds something else.
    FormatError
        Its weights are not those of the network.
    """
    header = read_header(path)
    if header.get("format") != FORMAT:
        raise ModelFileError(
            f"this file's format is {header.get('format', 'not stated')!r}, not {FORMAT!r}",
            path=path,
            remedy=f"Make one with: {FETCH}",
        )
    try:
        with safe_open(path, framework="pt") as file:
            weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise ModelFileError(
            "this file is damaged", path=path, remedy=f"Make it again with: {FETCH}"
        ) from error
    _check(weights, path)
    return weights


def _check(weights: dict[str, torch.Tensor], path: Path) -> None:
    with torch.device("meta"):
        expected = {name: t.shape for name, t in EfficientNetLite0().state_dict().items()}
    wrong = sorted(
        name
        for name in expected.keys() | weights.keys()
        if name not in weights
        or weights[name].shape != expected.get(name)
        or not torch.isfinite(weights[name]).all()
    )
    if wrong:
        raise FormatError(
            f"{len(wrong)} weights are missing, too many, of another shape or not finite "
            f"({', '.join(wrong[:3])}{', …' if len(wrong) > 3 else ''})",
            path=path,
            remedy=f"Make it again with: {FETCH}",
        )
