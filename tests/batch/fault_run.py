"""A run in a process of its own, to be killed: `python -m tests.batch.fault_run FOLDER OUT N`."""

from __future__ import annotations

import sys
from pathlib import Path

from spn_annotator.batch.plan import plan_jobs
from spn_annotator.batch.refining import run_jobs
from spn_annotator.batch.settings import BatchSettings
from tests.batch.fakes import FakeMaker


def main(folder: Path, out: Path, processes: int) -> None:
    pids = out.with_name(f"{out.name}.pids")
    pids.mkdir(exist_ok=True)
    report = run_jobs(
        plan_jobs(images=folder / "images", coarse=folder / "coarse", out=out),
        out=out,
        maker=FakeMaker(seconds=0.03, pids=pids),
        settings=BatchSettings(processes=processes, resume=True),
    )
    print(len(report.jobs))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
