"""Everything a run needs to go on after a stop, in one safetensors file."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from spn_annotator.errors import FormatError, ModelFileError
from spn_annotator.network.checkpoint import write_tensors
from spn_annotator.network.model import SpnRefiner
from spn_annotator.training.config import TrainConfig

_FORMAT = "spn-training-1"


def save_state(
    path: Path,
    model: SpnRefiner,
    average: SpnRefiner,
    optimizer: torch.optim.Optimizer,
    step: int,
    config: TrainConfig,
) -> None:
    """Write model, averaged model, optimiser and step, whole or not at all."""
    tensors = {f"model.{k}": v for k, v in model.state_dict().items()}
    tensors |= {f"average.{k}": v for k, v in average.state_dict().items()}
    for index, entry in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{index}.{k}": torch.as_tensor(v) for k, v in entry.items()}
    header = {"format": _FORMAT, "step": str(step), "config": config.model_dump_json()}
    write_tensors(path, tensors, header)


def _goes_on(before: TrainConfig, config: TrainConfig, step: int) -> bool:
    """Say whether the steps that were done would have been the same under ``config``."""
    before = before.model_copy(
        update={"workers": config.workers, "validate_every": config.validate_every}
    )
    if before == config:
        return True
    if before.decay_steps is None or config.decay_steps is None:
        return False
    if step > min(before.steps - before.decay_steps, config.steps - config.decay_steps):
        return False
    return before == config.model_copy(
        update={"steps": before.steps, "decay_steps": before.decay_steps}
    )


def _unreadable(path: Path) -> ModelFileError:
    return ModelFileError(
        "this saved run cannot be read", path=path, remedy="Remove it to start anew"
    )


def _header(path: Path, config: TrainConfig) -> dict[str, str]:
    """Return the header of a saved run that can go on under ``config``."""
    try:
        with safe_open(path, framework="pt") as file:
            header = dict(file.metadata() or {})
    except (SafetensorError, OSError) as error:
        raise _unreadable(path) from error
    if header.get("format") != _FORMAT:
        raise ModelFileError(
            "this is no saved run", path=path, remedy="Give the file that training wrote"
        )
    if not _goes_on(TrainConfig.model_validate_json(header["config"]), config, int(header["step"])):
        raise FormatError(
            "this run was started with another configuration",
            path=path,
            remedy="Use the same configuration file, or remove the saved run to start anew",
        )
    return header


def is_finished(path: Path, config: TrainConfig) -> bool:
    """Say whether a saved run has done all its steps; one that is not there has not.

    Raises
    ------
    ModelFileError, FormatError
        As :func:`load_state`.
    """
    return path.is_file() and int(_header(path, config)["step"]) >= config.steps


def load_state(
    path: Path,
    model: SpnRefiner,
    average: SpnRefiner,
    optimizer: torch.optim.Optimizer,
    config: TrainConfig,
) -> int:
    """Restore a run and return the number of steps it has done.

    Raises
    ------
    ModelFileError
        The file is damaged or no saved run.
    FormatError
        It belongs to a run with another configuration.
    """
    header = _header(path, config)
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise _unreadable(path) from error
    for prefix, target in (("model.", model), ("average.", average)):
        target.load_state_dict(
            {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        )
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimizer."):
            _, index, key = name.split(".", 2)
            state.setdefault(int(index), {})[key] = tensor
    optimizer.load_state_dict(
        {"state": state, "param_groups": optimizer.state_dict()["param_groups"]}
    )
    return int(header["step"])
