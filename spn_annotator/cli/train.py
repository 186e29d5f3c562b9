"""The command that trains the model."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from spn_annotator.cli.app import app
from spn_annotator.cli.options import Device, DeviceOption


class Precision(StrEnum):
    """Numbers a forward pass computes with."""

    SINGLE = "32"
    BF16 = "bf16-mixed"


@app.command()
def train(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv, images and masks.")],
    out: Annotated[Path, typer.Option(help="Model file to write (.safetensors).")],
    config: Annotated[
        Path | None, typer.Option(help="TOML file of settings; the defaults without it.")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(help="Number of steps, instead of the recipe's.", min=1)
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that make examples, for each device.", min=0)
    ] = None,
    device: DeviceOption = Device.AUTO,
    devices: Annotated[
        int, typer.Option(help="Number of GPUs, or of processes on a CPU.", min=1)
    ] = 1,
    precision: Annotated[
        Precision, typer.Option(help="bf16-mixed is faster on most GPUs, slower on most CPUs.")
    ] = Precision.SINGLE,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from an interrupted run of the same --out.")
    ] = False,
    initial: Annotated[Path | None, typer.Option(help="Model file to start from.")] = None,
    backbone: Annotated[
        Path | None, typer.Option(help="What a backbone starts from: see docs/training.md.")
    ] = None,
) -> None:
    """Train the model."""
    from spn_annotator.training.run import train_command

    train_command(
        data,
        out,
        config,
        steps=steps,
        workers=workers,
        device=device.value,
        devices=devices,
        precision=precision.value,
        resume=resume,
        initial=initial,
        backbone=backbone,
        report=typer.echo,
    )
