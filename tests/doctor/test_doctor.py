from __future__ import annotations

import importlib.metadata
import io
import json
import os
import sys
from pathlib import Path

import pytest
from rich.console import Console

from spn_annotator import system_libraries
from spn_annotator.doctor import Check, diagnose, exit_status, print_report, probes
from spn_annotator.doctor.checks import (
    check_folder,
    check_gpu,
    check_model,
    check_packages,
    check_system_libraries,
)
from spn_annotator.system_libraries import Library


def write_model(path: Path, *, data: bytes = bytes(16)) -> Path:
    """Write a safetensors file of one tensor of four float32 numbers."""
    header = json.dumps(
        {"weight": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}, "__metadata__": {}}
    ).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + data)
    return path


def test_whole_model_file_passes(tmp_path: Path) -> None:
    check = check_model(write_model(tmp_path / "model.safetensors"))
    assert check.state == "ok"
    assert "1 tensors" in check.detail


def test_model_file_cut_short_fails(tmp_path: Path) -> None:
    check = check_model(write_model(tmp_path / "model.safetensors", data=bytes(15)))
    assert check.state == "fail"
    assert "cut short" in check.detail


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        b"\x80\x02}q\x00." * 20,
        b"\x02" + bytes(7) + b"[]",
        b"\x05" + bytes(7) + b"nope!",
    ],
)
def test_file_that_is_no_model_fails_with_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    check = check_model(path)
    assert check.state == "fail"
    assert "model.safetensors" in check.detail
    assert check.remedy


def test_missing_model_fails(tmp_path: Path) -> None:
    check = check_model(tmp_path / "none.safetensors")
    assert (check.state, "none.safetensors" in check.detail) == ("fail", True)


@pytest.mark.parametrize(
    ("requirements", "state", "detail"),
    [
        (["numpy>=1", "rich"], "ok", "2 as required"),
        (["numpy>=1", "rich<1"], "warn", "rich "),
        (["no-such-package>=3"], "fail", "no-such-package missing (asked for: >=3)"),
        (["no-such-package>=3; extra == 'dev'", "rich"], "ok", "1 as required"),
        (["no-such-package>=3; python_version < '3'"], "ok", "0 as required"),
    ],
)
def test_versions_are_compared_with_what_is_asked_for(
    requirements: list[str], state: str, detail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: requirements)
    check = check_packages()
    assert check.state == state
    assert check.detail.startswith(detail)
    assert (check.remedy is None) == (state == "ok")


def test_without_an_installation_versions_are_not_compared() -> None:
    assert check_packages("no-such-distribution").state == "ok"


def test_folder_not_made_yet_is_judged_by_its_parent(tmp_path: Path) -> None:
    assert check_folder("data", tmp_path / "a" / "b").state == "ok"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_folder_without_write_permission_fails(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert check_folder("data", tmp_path / "a").state == "fail"


def test_path_through_a_file_fails(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert check_folder("data", tmp_path / "file" / "a").state == "fail"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
def test_missing_library_fails_with_the_install_command(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Library("libno-such.so", "any", "libnothing7", "nothing", "nothing")
    monkeypatch.setattr(system_libraries, "LIBRARIES", (absent,))
    monkeypatch.setattr(system_libraries, "package_manager", lambda: "apt-get")
    check = check_system_libraries()
    assert (check.state, check.detail) == ("fail", "missing: libno-such.so")
    assert check.remedy == "sudo apt-get install -y --no-install-recommends libnothing7"


def test_crash_of_a_probe_is_reported_not_shared() -> None:
    probe = probes.probe("import os; os.abort()")
    assert probe.facts == {}
    assert probe.error
    assert "crash" in probe.error or "status" in probe.error


def test_error_of_a_probe_is_its_last_line() -> None:
    assert probes.probe("import no_such_module").error == (
        "ModuleNotFoundError: No module named 'no_such_module'"
    )


def test_probe_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "PROBE_SECONDS", 0.5)
    error = probes.probe("import time; time.sleep(60)").error
    assert error == "no answer within 0.5 seconds"


def test_report_shows_findings_and_remedies_unwrapped() -> None:
    stream = io.StringIO()
    long_command = "sudo apt-get install -y " + " ".join(f"lib[{n}]" for n in range(30))
    checks = [Check("one", "ok", "fine"), Check("two", "fail", "broken [x]", long_command)]
    status = print_report(checks, console=Console(file=stream, width=60))
    text = stream.getvalue()
    assert status == 1
    assert f"- two: {long_command}\n" in text
    assert "broken [x]" in text
    assert "1 of 2 checks failed" in text


def test_warnings_do_not_fail() -> None:
    assert exit_status([Check("a", "warn", "slow"), Check("b", "ok", "fine")]) == 0


@pytest.mark.slow
def test_this_installation_is_well() -> None:
    checks = {check.name: check for check in diagnose()}
    assert {name: c.detail for name, c in checks.items() if c.state == "fail"} == {}
    assert "offscreen" in checks["Qt"].detail
    assert "thread" in checks["threading layer"].detail


@pytest.mark.parametrize(("bf16", "said"), [(True, "multiplies bf16 in hardware"), (False, "CPU")])
def test_without_a_gpu_the_doctor_says_what_the_cpu_has(monkeypatch, bf16: bool, said: str) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    check = check_gpu(probes.Probe({"version": "2", "device": None, "bf16": bf16}, None))
    assert check.state == "ok"
    assert check.detail.endswith(said)


def test_the_probe_of_torch_tells_all_that_is_judged() -> None:
    found = probes.probe(probes.TORCH)
    assert found.error is None
    assert set(found.facts) == {"version", "device", "bf16"}
