"""Images and results in stores that fsspec reaches: a server with S3's interface, and memory."""

from __future__ import annotations

import importlib.util
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from spn_annotator.batch import lock, places
from spn_annotator.batch import manifest as manifest_module
from spn_annotator.batch.manifest import MANIFEST_NAME, parse_lines, read_manifest
from spn_annotator.batch.places import Place, PlaceError
from spn_annotator.batch.plan import plan_jobs
from spn_annotator.batch.refining import run_jobs
from spn_annotator.batch.report import BatchReport, JobReport, JobStatus
from spn_annotator.batch.settings import BatchSettings
from spn_annotator.errors import SaveError, SpnAnnotatorError, UsageError
from tests.batch.fakes import FakeMaker
from tests.batch.support import dataset, outcome, results

needs_s3 = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("s3fs", "moto", "flask")),
    reason="s3fs and moto's server are not installed",
)
# boto and the server's development mode warn about themselves.
quiet = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


def do(base: str, out: str, maker: FakeMaker | None = None, **options: object) -> BatchReport:
    jobs = plan_jobs(images=f"{base}/images", coarse=f"{base}/coarse", out=out)
    settings = BatchSettings(**{"processes": 1, **options})
    return run_jobs(jobs, out=out, maker=maker or FakeMaker(), settings=settings)


def send(folder: Path, base: str) -> None:
    """Copy a data set into a store."""
    for path in sorted(folder.rglob("*.png")):
        Place.of(f"{base}/{path.relative_to(folder).as_posix()}").write_bytes(path.read_bytes())


def fetched(base: str) -> dict[str, bytes]:
    """Return the results in a store."""
    return {
        name: place.read_bytes() or b""
        for name, place in Place.of(base).walk(deep=True)
        if name.endswith(".png")
    }


@pytest.fixture
def expected(tmp_path: Path) -> dict[str, bytes]:
    """Make a data set of six images, one of them bad; return what a local run makes of it."""
    dataset(tmp_path / "data", 6, poisoned=(4,))
    do(str(tmp_path / "data"), str(tmp_path / "local"))
    return results(tmp_path / "local")


class TestMemory:
    def test_writes_the_bytes_of_a_local_run(self, tmp_path: Path, expected: dict) -> None:
        base = f"memory://{tmp_path.name}"
        send(tmp_path / "data", base)
        report = do(base, f"{base}/out")
        assert report.count(JobStatus.REFINED) == 5
        failed = next(job for job in report.jobs if job.status is JobStatus.FAILED)
        assert (failed.error or "").startswith(f"{base}/images/i004.png: is not a JPEG")
        assert fetched(f"{base}/out") == expected
        written = parse_lines(Place.of(f"{base}/out/{MANIFEST_NAME}").read_bytes() or b"")
        assert sorted(written) == [f"i{n:03}" for n in range(6)]
        for name in ("report.json", "report.html"):
            assert Place.of(f"{base}/out/{name}").is_file()

    def test_resumes(self, tmp_path: Path, expected: dict) -> None:
        base = f"memory://{tmp_path.name}-again"
        send(tmp_path / "data", base)
        do(base, f"{base}/out")
        Place.of(f"{base}/out/i002.png").write_bytes(b"other")
        report = do(base, f"{base}/out", resume=True)
        assert outcome(report)["i002"] == "refined"
        assert report.count(JobStatus.KEPT) == 4
        assert fetched(f"{base}/out") == expected

    def test_a_run_that_was_killed_before_it_sent_its_manifest_goes_on(
        self, tmp_path: Path, expected: dict
    ) -> None:
        base = f"memory://{tmp_path.name}-killed"
        send(tmp_path / "data", base)
        do(base, f"{base}/out")
        manifest = Place.of(f"{base}/out/{MANIFEST_NAME}")
        lines = manifest.read_bytes() or b""
        manifest.remove()
        journal = manifest_module._journal_of(manifest)
        journal.parent.mkdir(parents=True, exist_ok=True)
        journal.write_bytes(lines)
        assert do(base, f"{base}/out", resume=True).count(JobStatus.KEPT) == 5
        assert not journal.exists()
        assert len(read_manifest(f"{base}/out")) == 6


def test_a_file_url_is_a_path(tmp_path: Path, expected: dict) -> None:
    out = tmp_path / "out"
    report = do(f"file://{tmp_path}/data", f"file://{out}")
    assert report.count(JobStatus.REFINED) == 5
    assert results(out) == expected


def test_a_kind_of_address_that_nobody_knows_is_told() -> None:
    with pytest.raises(UsageError, match="gopher:// is no kind of address"):
        plan_jobs(images="gopher://x/images", coarse="gopher://x/coarse", out="out")


@contextmanager
def _served(host: str, port: int, bucket: str) -> Iterator[None]:
    """Let s3:// lead to a server, and make a bucket there."""
    import s3fs

    def forget() -> None:
        places._filesystem.cache_clear()
        s3fs.S3FileSystem.clear_instance_cache()

    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
        }.items():
            patch.setenv(name, value)
        forget()
        s3fs.S3FileSystem().mkdir(bucket)
        yield
    forget()


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """Start a server with S3's interface on this machine; yield a bucket in it."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with _served(host, port, "bucket"):
        yield "s3://bucket"
    server.stop()


@needs_s3
@quiet
@pytest.mark.slow
class TestS3:
    def test_writes_the_bytes_of_a_local_run_from_two_processes(
        self, tmp_path: Path, expected: dict, s3: str
    ) -> None:
        base = f"{s3}/{tmp_path.name}"
        send(tmp_path / "data", base)
        report = do(base, f"{base}/out", processes=2)
        assert report.count(JobStatus.REFINED) == 5
        assert fetched(f"{base}/out") == expected
        again = do(base, f"{base}/out", FakeMaker(log=tmp_path / "log"), resume=True)
        assert again.count(JobStatus.KEPT) == 5
        assert not (tmp_path / "log").exists()

    def test_patterns_are_found_in_a_bucket(self, tmp_path: Path, expected: dict, s3: str) -> None:
        base = f"{s3}/{tmp_path.name}"
        send(tmp_path / "data", base)
        jobs = plan_jobs(
            images=f"{base}/images/i00[01].png", coarse=f"{base}/coarse", out=f"{base}/out"
        )
        assert {job.stem for job in jobs if job.image} == {"i000", "i001"}

    def test_a_bucket_that_does_not_exist_is_told(self, s3: str) -> None:
        with pytest.raises(SpnAnnotatorError, match="s3://nowhere"):
            do("s3://nowhere", "s3://nowhere/out")

    def test_one_that_goes_away_in_mid_run_costs_nothing_but_time(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from moto.server import ThreadedMotoServer

        dataset(tmp_path / "data", 12, poisoned=(4,))
        expected_report = do(str(tmp_path / "data"), str(tmp_path / "local"))
        assert expected_report.count(JobStatus.REFINED) == 11
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        monkeypatch.setattr(lock, "BEAT", 0.1)
        with _served(host, port, "away"):
            base = f"s3://away/{tmp_path.name}"
            send(tmp_path / "data", base)

            def go_away(report: JobReport, done: int, total: int) -> None:
                if done == 3:
                    server.stop()

            jobs = plan_jobs(images=f"{base}/images", coarse=f"{base}/coarse", out=f"{base}/out")
            settings = BatchSettings(processes=1)
            with pytest.raises(SaveError, match=r"s3://away/.*cannot be written"):
                run_jobs(
                    jobs,
                    out=f"{base}/out",
                    maker=FakeMaker(seconds=0.02),
                    settings=settings,
                    progress=go_away,
                )
            server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
            server.start()
            try:
                before = fetched(f"{base}/out")
                assert 3 <= len(before) < 11
                assert before.items() <= results(tmp_path / "local").items()  # none is half
                time.sleep(5 * lock.BEAT)  # the lock that could not be removed grows stale
                log = tmp_path / "log"
                report = do(base, f"{base}/out", FakeMaker(log=log), resume=True)
                kept = report.count(JobStatus.KEPT)
                assert kept >= 3
                assert report.count(JobStatus.REFINED) == 11 - kept == len(log.read_bytes())
                assert report.count(JobStatus.FAILED) == 1  # the one that is no picture
                assert fetched(f"{base}/out") == results(tmp_path / "local")
                written = Place.of(f"{base}/out/{MANIFEST_NAME}").read_bytes() or b""
                assert len(written.splitlines()) == len(parse_lines(written)) == 12
            finally:
                server.stop()

    def test_a_server_that_cannot_be_reached_is_told(
        self, monkeypatch: pytest.MonkeyPatch, s3: str
    ) -> None:
        import s3fs

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        s3fs.S3FileSystem.clear_instance_cache()
        places._filesystem.cache_clear()
        try:
            with pytest.raises(PlaceError, match=r"s3://bucket/images: cannot be reached"):
                do(s3, f"{s3}/out")
        finally:
            s3fs.S3FileSystem.clear_instance_cache()
            places._filesystem.cache_clear()
