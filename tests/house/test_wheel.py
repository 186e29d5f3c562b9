"""The wheel alone, in an environment of its own and far from the checkout, does the whole job."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from PIL import Image

pytestmark = pytest.mark.slow


def run(command: list[str | Path], *, cwd: Path) -> str:
    """Run a command away from the checkout, without its variables; return what it prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=cwd, env=kept, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """Build the wheel with the build backend of this environment."""
    out = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out], cwd=repository)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment that holds the wheel and, of what it needs, the copies of this one.

    The folder with the other packages is named in a .pth file: its packages are found, but its own
    .pth files are not read, so that the checkout's editable installation stays out.
    """
    folder = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = executable(folder, "python")
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    run([*command, "--no-deps", "--no-index", wheel], cwd=folder)
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(run([python, "-c", code], cwd=folder).strip())
    others = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "others.pth").write_text("\n".join(sorted(others)) + "\n", encoding="utf-8")
    return folder


def executable(environment: Path, name: str) -> Path:
    """Return the path of a program of an environment."""
    return environment / ("Scripts" if os.name == "nt" else "bin") / name


def test_wheel_holds_both_packages_the_resources_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "spn_annotator",
        "spn_kernels",
    }
    assert "spn_annotator/resources/models/spn-refiner.safetensors" in names
    assert any(name.startswith("spn_annotator/resources/icons/") for name in names)
    assert "spn_annotator/resources/docs/guide/index.md" in names
    assert "spn_annotator/resources/docs/guide/images/start.png" in names
    assert not [name for name in names if "/docs/images/" in name]
    assert any(name.startswith("spn_annotator/resources/samples/") for name in names)
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert not [name for name in names if name.endswith(".pyc") or "__pycache__" in name]


def test_installed_files_come_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = (
        "import spn_annotator, spn_kernels, spn_annotator.paths as paths\n"
        "print(spn_annotator.__file__, spn_kernels.__file__, paths.resources_dir(), sep='\\n')"
    )
    places = run([executable(installed, "python"), "-c", code], cwd=tmp_path).splitlines()
    assert len(places) == 3
    assert [place for place in places if not Path(place).is_relative_to(installed)] == []


def test_demo_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    run([executable(installed, "spn-annotator"), "demo", "--out", "out"], cwd=tmp_path)
    out = tmp_path / "out"
    with Image.open(out / "contact_sheet.png") as sheet:
        assert sheet.width > sheet.height / 10
        assert len(set(sheet.convert("L").resize((64, 64)).tobytes())) > 8, "an empty sheet"
    (coco,) = [path for path in out.rglob("*.json") if '"annotations"' in path.read_text("utf-8")]
    content = json.loads(coco.read_text("utf-8"))
    assert len(content["images"]) >= 3
    assert len(content["annotations"]) >= len(content["images"])
    masks = [path for path in out.rglob("*.png") if path.name != "contact_sheet.png"]
    assert len(masks) >= len(content["images"])


def test_version_is_the_packages(installed: Path, tmp_path: Path) -> None:
    from spn_annotator import __version__

    printed = run([executable(installed, "spn-annotator"), "--version"], cwd=tmp_path)
    assert __version__ in printed
