"""Model files: safetensors with the configuration in the header. Nothing is ever unpickled."""

from __future__ import annotations

import json
import os
from pathlib import Path

import torch
from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from spn_annotator.errors import ModelFileError, SaveError
from spn_annotator.network.model import ModelConfig, SpnRefiner

FORMAT = "spn-refiner-1"


def save_model(
    model: SpnRefiner,
    path: Path,
    *,
    about: dict[str, str] | None = None,
    compact: bool = False,
) -> None:
    """Write the model, whole or not at all.

    Parameters
    ----------
    about : dict of str, optional
        More for the header: recipe, seed, steps.
    compact : bool
        Store the weights of convolutions in 16 bits, 11 of them for the number: half the size.
    """
    header = {"format": FORMAT, "config": model.config.model_dump_json(), **(about or {})}
    state = model.state_dict()
    if compact:
        state = {name: t.half() if t.ndim > 1 else t for name, t in state.items()}
    write_tensors(path, state, header)


def write_tensors(path: Path, tensors: dict[str, torch.Tensor], header: dict[str, str]) -> None:
    """Write a safetensors file with text entries in its header, whole or not at all.

    Raises
    ------
    SaveError
        The file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    # Copies, because the format refuses tensors that share memory.
    copies = {name: t.detach().cpu().contiguous().clone() for name, t in tensors.items()}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.touch()  # with the user's own permissions; safetensors keeps those it finds
            permissions = temporary.stat().st_mode
            save_file(copies, temporary, metadata=header)
            temporary.chmod(permissions)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise SaveError(
            f"the file cannot be written ({error.strerror})",
            path=path,
            remedy="Give a place you may write to",
        ) from error


def read_header(path: Path) -> dict[str, str]:
    """Return the header's text entries.

    Raises
    ------
    ModelFileError
        The file is missing or no safetensors file.
    """
    if not path.is_file():
        raise ModelFileError(
            "there is no such model file",
            path=path,
            remedy="Give the path of a .safetensors model, or leave the option out",
        )
    try:
        with safe_open(path, framework="pt") as file:
            return dict(file.metadata() or {})
    except (SafetensorError, OSError, ValueError) as error:
        raise ModelFileError(
            "this is not a safetensors file, or it is damaged",
            path=path,
            remedy="Give a model written by `spn-annotator train`",
        ) from error


def load_model(path: Path) -> SpnRefiner:
    """Return the model in a file, on the CPU, in evaluation mode.

    Raises
    ------
    ModelFileError
        The file is missing, damaged, or holds another kind of model.
    """
    header = read_header(path)
    if header.get("format") != FORMAT:
        raise ModelFileError(
            f"this model's format is {header.get('format', 'not stated')!r}, not {FORMAT!r}",
            path=path,
            remedy="Give a model written by this version's `spn-annotator train`",
        )
    try:
        config = ModelConfig.model_validate(json.loads(header["config"]))
        model = SpnRefiner(config)
        with safe_open(path, framework="pt") as file:
            state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
        if any(not torch.isfinite(t).all() for t in state.values()):
            raise ValueError("weights that are not finite")
        model.load_state_dict(state)
    except (KeyError, ValueError, RuntimeError, ValidationError, SafetensorError) as error:
        raise ModelFileError(
            "the model's header and weights do not fit each other",
            path=path,
            remedy="The file is damaged or was changed: get it again, or train it again",
        ) from error
    return model.eval()
