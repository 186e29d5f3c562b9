"""The command that trains the model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spn_annotator.cli.app import app
from spn_annotator.cli.options import Device, DeviceOption


@app.command()
def train(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv, images and masks.")],
    out: Annotated[Path, typer.Option(help="Model file to write (.safetensors).")],
    config: Annotated[
        Path | None, typer.Option(help="TOML file of settings; the shipped recipe without it.")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(help="Number of steps, instead of the recipe's.", min=1)
    ] = None,
    device: DeviceOption = Device.AUTO,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from an interrupted run of the same --out.")
    ] = False,
    initial: Annotated[Path | None, typer.Option(help="Model file to start from.")] = None,
) -> None:
    """Train the model."""
    from spn_annotator.training.run import train_command

    train_command(
        data,
        out,
        config,
        steps=steps,
        device=device.value,
        resume=resume,
        initial=initial,
        report=typer.echo,
    )
