"""Whether what an earlier run made of an image is still right."""

from __future__ import annotations

from collections.abc import Mapping

from spn_annotator.batch.places import sha256
from spn_annotator.batch.plan import Job
from spn_annotator.batch.report import Fingerprint, JobReport
from spn_annotator.batch.scratch import Scratch
from spn_annotator.errors import SpnAnnotatorError


def known_by_version(previous: JobReport | None, versions: Mapping[str, str | None]) -> bool:
    """Return whether stores elsewhere vouch for it that both inputs are as they were."""
    if previous is None or previous.inputs.keys() != versions.keys():
        return False
    return all(
        version is not None
        and (known := previous.inputs.get(name)) is not None
        and known.version == version
        for name, version in versions.items()
    )


def same_inputs(previous: JobReport | None, inputs: Mapping[str, Fingerprint]) -> bool:
    """Return whether everything that was read then has the same content now."""
    if previous is None or previous.inputs.keys() != inputs.keys():
        return False
    return all(
        (known := previous.inputs.get(name)) is not None and known.sha256 == item.sha256
        for name, item in inputs.items()
    )


def result_stands(previous: JobReport | None, job: Job, folder: Scratch) -> bool:
    """Return whether the result of an earlier run is there and as it was written."""
    output, beside = job.output, job.confidence
    if previous is None or previous.result is None:
        return False
    if beside is not None and not beside.exists():
        return False
    if previous.output is None or previous.output.as_posix() != output.as_posix():
        return False
    try:
        return sha256(folder.fetch(output, "result")) == previous.result.sha256
    except (SpnAnnotatorError, FileNotFoundError):
        return False
