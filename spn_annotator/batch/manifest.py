"""The record of a folder of results: a line of JSON for each image, added as soon as it is done.

A line is written in one piece and flushed, so a run that is killed loses the lines of images under
way at most; their results are made again and are the same bytes. The last line of an image counts.
On a store elsewhere, which cannot be appended to, the lines are kept on this machine and sent every
few seconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from spn_annotator.batch.places import Place
from spn_annotator.batch.report import Fingerprint, JobReport, JobStatus
from spn_annotator.batch.settings import BatchSettings
from spn_annotator.formats.atomic import atomic_write_bytes, save_error
from spn_annotator.paths import user_data_dir

MANIFEST_NAME = "manifest.jsonl"
SEND_EVERY = 15.0  # seconds, to a store elsewhere
_SYNC_EVERY = 2.0  # seconds; the system keeps the lines if only the program dies


class Manifest:
    """The lines of one folder of results; made by :meth:`open`, ended by :meth:`close`.

    Parameters
    ----------
    place : Place
        The file.
    basis : dict
        What all results of this run depend on: the model's checksum and the settings.
    """

    def __init__(
        self, place: Place, basis: dict[str, Any], lines: dict[str, dict[str, Any]]
    ) -> None:
        self._place = place
        self.basis = basis
        self._lines = lines
        self._local = _journal_of(place) if place.is_remote else place.path
        self._handle: BinaryIO | None = None
        self._sent = self._synced = time.monotonic()
        self._dirty = False

    @classmethod
    def open(cls, folder: Place, *, model: str, settings: BatchSettings) -> Manifest:
        """Read what earlier runs recorded in a folder, and prepare to add to it.

        Parameters
        ----------
        model : str
            Checksum of the model file.
        """
        place = folder / MANIFEST_NAME
        lines = parse_lines(place.read_bytes() or b"")
        if place.is_remote:
            journal = _journal_of(place)
            if journal.is_file():  # has what a killed run did not get to send
                lines |= parse_lines(journal.read_bytes())
        basis = {"model": model, "settings": settings.that_shape_results()}
        return cls(place, basis, lines)

    def previous(self, stem: str) -> JobReport | None:
        """Return what is recorded of an image if it was refined as this run would refine it."""
        line = self._lines.get(stem)
        if line is None or line.get("status") not in (JobStatus.REFINED, JobStatus.KEPT):
            return None
        if any(line.get(key) != value for key, value in self.basis.items()):
            return None
        return report_of(line)

    def add(self, report: JobReport) -> None:
        """Record an image.

        Raises
        ------
        SaveError
            The line cannot be written.
        """
        if report.status is JobStatus.CANCELLED:
            return
        line = {**report.to_json(), **self.basis, "finished": _now()}
        self._lines[report.stem] = line
        try:
            if self._handle is None:
                self._handle = self._start()
            self._handle.write(_encoded(line))
            self._handle.flush()
            if time.monotonic() - self._synced > _SYNC_EVERY:
                os.fsync(self._handle.fileno())
                self._synced = time.monotonic()
        except OSError as error:
            raise save_error(error, self._local) from error
        self._dirty = True
        if self._place.is_remote and time.monotonic() - self._sent > SEND_EVERY:
            self._send()

    def close(self) -> None:
        """Write the file anew with one line an image, and send it where it belongs.

        Raises
        ------
        SaveError
            It cannot be written; the lines added so far are safe.
        """
        if self._handle is not None:
            self._handle.close()
            self._handle = None
        if not self._dirty:
            return
        if self._place.is_remote:
            self._send()
            self._local.unlink(missing_ok=True)
        else:
            atomic_write_bytes(self._local, b"".join(map(_encoded, self._lines.values())))
        self._dirty = False

    def abandon(self) -> None:
        """Close the file as it is, after an error."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def _start(self) -> BinaryIO:
        """Open the file to append to, behind a line that a killed run left half."""
        self._local.parent.mkdir(parents=True, exist_ok=True)
        handle = self._local.open("a+b", buffering=0)
        size = handle.seek(0, os.SEEK_END)
        if size:
            handle.seek(size - 1)
            if handle.read(1) != b"\n":
                handle.write(b"\n")
        return handle

    def _send(self) -> None:
        self._sent = time.monotonic()
        self._place.write_bytes(b"".join(map(_encoded, self._lines.values())))


def parse_lines(data: bytes) -> dict[str, dict[str, Any]]:
    """Return the last whole line of each image; lines that are damaged are passed over."""
    lines: dict[str, dict[str, Any]] = {}
    for text in data.split(b"\n"):
        try:
            line = json.loads(text) if text.strip() else None
        except ValueError:
            continue  # cut short by a kill or a full disk; the image is refined again
        if isinstance(line, dict) and isinstance(line.get("stem"), str):
            lines.pop(line["stem"], None)
            lines[line["stem"]] = line
    return lines


def report_of(line: Mapping[str, Any]) -> JobReport | None:
    """Return the report that a line records, None where it is none."""
    try:
        inputs = {
            name: found
            for name, item in dict(line.get("inputs") or {}).items()
            if (found := Fingerprint.from_json(item)) is not None
        }
        return JobReport(
            stem=str(line["stem"]),
            status=JobStatus(line["status"]),
            image=_place(line.get("image")),
            mask=_place(line.get("mask")),
            output=_place(line.get("output")),
            seconds=float(line.get("seconds") or 0),
            changed=line.get("changed_pixels"),
            confidence=line.get("mean_confidence"),
            expected_iou=line.get("expected_iou"),  # not in lines of earlier versions
            error=line.get("error"),
            pixels=line.get("pixels"),
            inputs=inputs,
            result=Fingerprint.from_json(line.get("result")),
            attempts=int(line.get("attempts") or 1),
            device=line.get("device"),
        )
    except (KeyError, TypeError, ValueError):
        return None


def read_manifest(folder: Place | Path | str) -> dict[str, JobReport]:
    """Return what is recorded of each image in a folder of results, in order of finishing.

    Raises
    ------
    SaveError, PlaceError, FileReadError
        The folder cannot be reached.
    """
    data = (Place.of(folder) / MANIFEST_NAME).read_bytes() or b""
    found = ((stem, report_of(line)) for stem, line in parse_lines(data).items())
    return {stem: report for stem, report in found if report is not None}


def _place(text: str | None) -> Place | None:
    return Place.of(text) if text else None


def _encoded(line: Mapping[str, Any]) -> bytes:
    text = json.dumps(line, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _journal_of(place: Place) -> Path:
    """Return where the lines of a store elsewhere are kept on this machine."""
    key = hashlib.sha256(place.text.encode()).hexdigest()[:24]
    return user_data_dir() / "batch" / f"{key}.jsonl"


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
