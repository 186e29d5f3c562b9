"""The command that shows the work on the samples."""

from __future__ import annotations

import typer

from spn_annotator.cli.app import app
from spn_annotator.cli.options import Device, DeviceOption, ModelOption, OutOption, model_choice


@app.command()
def demo(
    out: OutOption,
    model: ModelOption = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Refine the samples, export them, and draw a contact sheet.

    Writes images/, coarse/, refined/ (with report.json), export/ (indexed PNG and COCO) and
    contact_sheet.png.
    """
    from spn_annotator.batch.demo import run_demo
    from spn_annotator.batch.tables import print_batch

    result = run_demo(out, make_refiner=model_choice(model, device))
    print_batch(result.report, out=result.refined)
    typer.echo(f"Contact sheet: {result.contact_sheet}")
    raise typer.Exit(0 if result.report.is_clean else 1)
