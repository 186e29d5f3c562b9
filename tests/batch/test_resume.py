"""What an earlier run left: kept where it is right, made again where anything changed."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from spn_annotator.batch import lock as lock_module
from spn_annotator.batch.lock import RunLock
from spn_annotator.batch.manifest import MANIFEST_NAME, Manifest, parse_lines, read_manifest
from spn_annotator.batch.places import Place
from spn_annotator.batch.report import JobReport, JobStatus
from spn_annotator.batch.settings import BatchSettings
from spn_annotator.errors import UsageError
from spn_annotator.formats.images import read_image, write_image
from tests.batch.fakes import FakeMaker
from tests.batch.support import curse, dataset, outcome, results
from tests.batch.test_pool import do


def counted(folder: Path, name: str = "fake", **options: object) -> tuple[dict[str, str], int]:
    """Run, and return what became of the images and how many were refined in truth."""
    log = folder / "log"
    log.unlink(missing_ok=True)
    report = do(folder, FakeMaker(log=log, name=name), processes=1, **options)
    return outcome(report), len(log.read_bytes()) if log.exists() else 0


class TestResume:
    def test_redoes_nothing_that_is_right(self, tmp_path: Path) -> None:
        dataset(tmp_path, 5)
        counted(tmp_path)
        before = results(tmp_path / "out")
        found, refined = counted(tmp_path, resume=True)
        assert set(found.values()) == {"kept"}
        assert refined == 0
        assert results(tmp_path / "out") == before

    def test_without_it_everything_is_done_again(self, tmp_path: Path) -> None:
        dataset(tmp_path, 3)
        counted(tmp_path)
        found, refined = counted(tmp_path)
        assert set(found.values()) == {"refined"}
        assert refined == 3

    @pytest.mark.parametrize("what", ["image", "mask", "result changed", "result gone"])
    def test_redoes_what_changed_and_nothing_else(self, tmp_path: Path, what: str) -> None:
        pictures, coarse = dataset(tmp_path, 4)
        counted(tmp_path)
        times = (pictures / "i002.png").stat()
        if what == "image":
            rgb = read_image(pictures / "i002.png")
            write_image(pictures / "i002.png", rgb + 1)
            os.utime(pictures / "i002.png", ns=(times.st_atime_ns, times.st_mtime_ns))
        elif what == "mask":
            (coarse / "i002.png").write_bytes((coarse / "i003.png").read_bytes() + b"\0")
        elif what == "result changed":
            (tmp_path / "out" / "i002.png").write_bytes(b"cut short")
        else:
            (tmp_path / "out" / "i002.png").unlink()
        found, refined = counted(tmp_path, resume=True)
        assert found == {"i000": "kept", "i001": "kept", "i002": "refined", "i003": "kept"}
        assert refined == 1

    def test_another_model_or_setting_redoes_all(self, tmp_path: Path) -> None:
        dataset(tmp_path, 3)
        counted(tmp_path)
        assert counted(tmp_path, "another", resume=True)[1] == 3
        assert counted(tmp_path, "another", resume=True, unknown=7)[1] == 3
        assert counted(tmp_path, "another", resume=True, unknown=7, retry=2)[1] == 0

    def test_tries_failed_images_again(self, tmp_path: Path) -> None:
        pictures, _ = dataset(tmp_path, 3, poisoned=(1,))
        assert counted(tmp_path)[0]["i001"] == "failed"
        (pictures / "i001.png").write_bytes((pictures / "i000.png").read_bytes())
        found, refined = counted(tmp_path, resume=True)
        assert found == {"i000": "kept", "i001": "refined", "i002": "kept"}
        assert refined == 1

    def test_goes_on_behind_a_line_that_was_cut_short(self, tmp_path: Path) -> None:
        dataset(tmp_path, 3)
        counted(tmp_path)
        manifest = tmp_path / "out" / MANIFEST_NAME
        manifest.write_bytes(manifest.read_bytes()[:-40])
        found, refined = counted(tmp_path, resume=True)
        assert sorted(found.values()) == ["kept", "kept", "refined"]
        assert refined == 1
        assert len(manifest.read_bytes().splitlines()) == 3

    def test_a_manifest_of_an_earlier_version_counts(self, tmp_path: Path) -> None:
        dataset(tmp_path, 3)
        counted(tmp_path)
        place = tmp_path / "out" / MANIFEST_NAME
        lines = [json.loads(line) for line in place.read_bytes().splitlines()]
        assert all(0 < line.pop("expected_iou") < 1 for line in lines)
        place.write_text("".join(json.dumps(line) + "\n" for line in lines))
        (tmp_path / "out" / "i001.png").unlink()
        found, refined = counted(tmp_path, resume=True)
        assert found == {"i000": "kept", "i001": "refined", "i002": "kept"}
        assert refined == 1
        reports = read_manifest(tmp_path / "out")
        assert [reports[f"i{n:03}"].expected_iou is None for n in range(3)] == [True, False, True]
        assert reports["i000"].confidence == 0.75
        page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
        assert "2 of an earlier version have none" in page


class TestManifest:
    def test_records_inputs_model_settings_and_result(self, tmp_path: Path) -> None:
        import hashlib

        pictures, coarse = dataset(tmp_path, 2, poisoned=(1,))
        do(tmp_path, FakeMaker(), processes=1)
        lines = parse_lines((tmp_path / "out" / MANIFEST_NAME).read_bytes())
        line = lines["i000"]

        def sha(path: Path) -> str:
            return hashlib.sha256(path.read_bytes()).hexdigest()

        assert line["inputs"]["image"]["sha256"] == sha(pictures / "i000.png")
        assert line["inputs"]["mask"]["sha256"] == sha(coarse / "i000.png")
        assert line["result"]["sha256"] == sha(tmp_path / "out" / "i000.png")
        assert line["model"] == "fake"
        assert line["settings"]["unknown"] == "auto"
        assert 0 < line["seconds"] < 60
        assert line["mean_confidence"] == 0.75
        assert 0 < line["changed_share"] <= 1
        assert lines["i001"]["status"] == "failed"
        assert "is not a JPEG" in lines["i001"]["error"]

    def test_each_line_is_on_the_disk_before_the_next_image(self, tmp_path: Path) -> None:
        manifest = Manifest.open(Place.of(tmp_path), model="m", settings=BatchSettings())
        for name in ("a", "b"):
            manifest.add(JobReport(name, JobStatus.FAILED, error="x"))
            assert name in read_manifest(tmp_path)
        manifest.abandon()

    def test_the_last_line_of_an_image_counts(self) -> None:
        text = b'{"stem": "a", "n": 1}\n{"stem": "b"}\nnonsense\n[]\n{"stem": "a", "n": 2}\n{"st'
        lines = parse_lines(text)
        assert list(lines) == ["b", "a"]
        assert lines["a"]["n"] == 2


class TestLock:
    def test_two_runs_into_one_folder_are_refused(self, tmp_path: Path) -> None:
        dataset(tmp_path, 2)
        (tmp_path / "out").mkdir()
        held = RunLock.acquire(Place.of(tmp_path / "out"))
        try:
            with pytest.raises(UsageError, match=r"another run writes to this folder: .*process"):
                do(tmp_path, FakeMaker(), processes=1)
        finally:
            held.release()
        assert outcome(do(tmp_path, FakeMaker(), processes=1))["i000"] == "refined"

    def test_a_lock_left_by_a_killed_run_stops_nobody(self, tmp_path: Path) -> None:
        dataset(tmp_path, 1)
        (tmp_path / "out").mkdir()
        left = {"pid": 1, "host": "elsewhere", "user": "x", "since": "2020-01-01"}
        (tmp_path / "out" / lock_module.LOCK_NAME).write_text(json.dumps(left))
        assert outcome(do(tmp_path, FakeMaker(), processes=1)) == {"i000": "refined"}
        assert not (tmp_path / "out" / lock_module.LOCK_NAME).exists()

    def test_in_a_store_a_lock_without_signs_of_life_is_taken_over(self) -> None:
        folder = Place.of("memory://locks/out")
        first = RunLock.acquire(folder)
        with pytest.raises(UsageError, match="another run writes"):
            RunLock.acquire(folder)
        first.release()
        stale = {"who": "x", "alive": time.time() - 5 * lock_module.BEAT, "token": "t"}
        (folder / lock_module.LOCK_NAME).write_bytes(json.dumps(stale).encode())
        RunLock.acquire(folder).release()
        assert (folder / lock_module.LOCK_NAME).read_bytes() is None


def test_a_failure_that_passes_is_mended_by_a_retry(tmp_path: Path) -> None:
    dataset(tmp_path, 2)
    curse(tmp_path / "images" / "i001.png")
    report = do(tmp_path, FakeMaker(heals=tmp_path / "healed"), processes=1, retry=1)
    assert outcome(report) == {"i000": "refined", "i001": "refined"}
    assert report.jobs[1].attempts == 2
