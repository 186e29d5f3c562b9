"""Make the environment and do one task in it: ``python scripts/setup_env.py TASK [ARGUMENTS]``.

Tasks: ``run`` (the program on its sample project), ``test``, ``test-formats``, ``lint``, ``types``,
``docs``, ``bench``, ``compare-propagation`` and ``install``. `make TASK` calls this script; where
there is no make, call it directly. It needs nothing but a Python, takes another one when its own
version does not fit, and does each thing once: the environment is made again only if it is missing
or broken, and installed into only if pyproject.toml has changed.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "spn-annotator-setup.json"
OLDEST, NEWEST = (3, 11), (3, 13)
WINDOWS = sys.platform == "win32"


class SetupError(Exception):
    """The set-up cannot go on; the text says why and what to do."""


# ------------------------------------------------------------------ the Python to build on


def fitting_python() -> list[str]:
    """Return the command of a Python of a fitting version that can make environments.

    Raises
    ------
    SetupError
        There is none, or the only ones lack the standard module ``ensurepip``.
    """
    without_venv = None
    for command in python_candidates():
        version = probe(command, "import sys; print('%d.%d' % sys.version_info[:2])")
        if version is None or not OLDEST <= tuple(map(int, version.split("."))) <= NEWEST:
            continue
        if probe(command, "import venv, ensurepip; print('yes')") == "yes":
            return command
        without_venv = without_venv or (command, version)
    if without_venv is None:
        raise SetupError(
            f"SPN Annotator needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}; this one is"
            f" {sys.version.split()[0]} and no other was found. Install one (Debian and Ubuntu:"
            " sudo apt-get install python3 python3-venv; elsewhere: python.org), then try again."
        )
    command, version = without_venv
    if shutil.which("apt-get"):
        package = [f"python{version}-venv"]
        install_packages(["apt-get", "install", "-y", *package], f"Python {version} has no venv")
        if probe(command, "import venv, ensurepip; print('yes')") == "yes":
            return command
    raise SetupError(f"{shlex.join(command)} lacks the standard modules venv and ensurepip.")


def python_candidates() -> list[list[str]]:
    """Return commands that may be a Python, the one that runs this first."""
    found = [[sys.executable]]
    names = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    for name in [*names, "python3", "python"]:
        path = shutil.which(name)
        if path and [path] not in found:
            found.append([path])
    if WINDOWS and shutil.which("py"):
        found += [["py", f"-3.{minor}"] for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    return found


def probe(command: list[str], code: str) -> str | None:
    """Run a line of Python and return what it prints, None if it fails."""
    try:
        done = subprocess.run(
            [*command, "-c", code], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


# ------------------------------------------------------------------ packages of the system


def install_packages(command: list[str], reason: str) -> None:
    """Install packages of the system where that needs no password, else say what to run.

    Raises
    ------
    SetupError
        The rights are missing or the installation failed.
    """
    by_hand = f"{reason}. Please run:\n\n    sudo {shlex.join(command)}\n\nand try again."
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        prefix: list[str] = []
    elif shutil.which("sudo") and quiet(["sudo", "-n", "true"]):
        prefix = ["sudo", "-n"]
    else:
        raise SetupError(by_hand)
    say(f"{reason}: {shlex.join(prefix + command)}")
    if command[0] == "apt-get":
        prefix = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive"]
        # Fresh machines have empty package lists; an unreachable mirror shows up in the install.
        subprocess.run([*prefix, "apt-get", "update", "-qq"], check=False)
    if subprocess.run([*prefix, *command], check=False).returncode != 0:
        raise SetupError(by_hand)


def ensure_system_libraries(environment: Mapping[str, str]) -> None:
    """See that Qt and OpenCV find their shared libraries (Linux only).

    Parameters
    ----------
    environment : mapping
        The variables that tell which display there is; empty where none will be opened.
    """
    sys.path.insert(0, str(ROOT))
    from spn_annotator import system_libraries as system

    missing = system.missing_libraries(system.display_groups(environment))
    blocking = system.blocking_libraries(environment)
    if not missing:
        return
    names = ", ".join(lib.soname for lib in missing)
    command = system.install_command(missing, system.package_manager())
    if command is None:
        raise SetupError(f"These shared libraries are missing; please install them: {names}")
    try:
        install_packages(command, f"Qt needs libraries that are not here ({names})")
    except SetupError as error:
        if blocking:
            raise
        # One kind of display lacks something, the other does not.
        say(str(error))


def quiet(command: list[str]) -> bool:
    """Run a command without its output and tell whether it succeeded."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


# ------------------------------------------------------------------ the environment


def venv_python() -> Path:
    """Return the path of the environment's Python, there or not."""
    return VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


def ensure_environment(*, dev: bool) -> None:
    """Make the environment if it is missing or broken, and install what pyproject.toml asks for.

    Parameters
    ----------
    dev : bool
        Whether the tools for tests and checks are wanted too; once in, they stay.
    """
    version_code = "import sys; print('%d.%d' % sys.version_info[:2])"
    version = probe([str(venv_python())], version_code) if venv_python().exists() else None
    stamp = read_stamp()
    # Scripts of an environment hold its full path: one that moved with its folder is of no use.
    moved = stamp.get("root", str(ROOT)) != str(ROOT)
    if moved or version is None or not OLDEST <= tuple(map(int, version.split("."))) <= NEWEST:
        base = fitting_python()
        say(f"making the environment {VENV.name} with {shlex.join(base)}")
        call([*base, "-m", "venv", "--clear", str(VENV)], "The environment could not be made.")
        stamp = {}
    pyproject = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    dev = dev or bool(stamp.get("dev"))
    wanted = {"pyproject": pyproject, "dev": dev, "root": str(ROOT)}
    if stamp == wanted:
        return
    STAMP.unlink(missing_ok=True)
    what = ".[dev]" if dev else "."
    say(f"installing {what}: hundreds of megabytes the first time, gigabytes where torch has CUDA")
    pip = [str(venv_python()), "-m", "pip", "install", "--disable-pip-version-check"]
    call([*pip, "--editable", what], "The installation failed; pip's message above says why.")
    STAMP.write_text(json.dumps(wanted), encoding="utf-8")


def read_stamp() -> dict[str, object]:
    """Return what was installed last, empty if nothing was or it is not known."""
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def call(command: list[str], failure: str) -> None:
    """Run a command with its output shown; raise SetupError if it fails."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        raise SetupError(failure)


def ensure_format_tools(*, required: bool) -> None:
    """Install the tools that judge the formats, in a folder apart from the environment's packages.

    Without their dependencies, which would bring a second Qt and OpenCV.

    Parameters
    ----------
    required : bool
        Whether to stop where that fails; else their tests are skipped.

    Raises
    ------
    SetupError
        It failed and they are required.
    """
    wanted = ROOT / "tests" / "formats" / "tools.txt"
    folder = VENV / "format-tools"
    stamp = folder / "installed"
    if not wanted.is_file():
        return
    state = hashlib.sha256(wanted.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return
    say("installing the tools that judge the formats: 50 megabytes")
    shutil.rmtree(folder, ignore_errors=True)
    pip = [str(venv_python()), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    command = [*pip, "--no-deps", "--no-compile", "--target", str(folder), "-r", str(wanted)]
    try:
        call(command, "They could not be installed; pip's message above says why.")
    except SetupError as error:
        shutil.rmtree(folder, ignore_errors=True)
        if required:
            raise
        say(f"{error} Their tests are skipped.")
        return
    folder.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state, encoding="utf-8")


# ------------------------------------------------------------------ tasks


def run_program(arguments: list[str]) -> int:
    """Open the window on the samples or on what is given; without a display run the demo."""
    python = str(venv_python())
    program = [python, str(ROOT / "main.py")]
    from spn_annotator.system_libraries import has_display

    problem = "there is no display" if not has_display() else window_problem(python)
    if problem is None:
        return subprocess.run([*program, *(arguments or ["--sample"])], check=False).returncode
    out = ROOT / "demo-output"
    say(f"{problem}, so no window opens: refining the samples without one, into {out.name}/")
    return subprocess.run([*program, "demo", "--out", str(out)], check=False).returncode


def window_problem(python: str) -> str | None:
    """Open and close Qt once, in a process of its own; return what goes wrong, None if nothing."""
    if not sys.platform.startswith("linux"):
        return None
    code = "from PySide6.QtWidgets import QApplication; QApplication([])"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    sys.stderr.write(done.stderr)
    return "Qt cannot open the display (`.venv/bin/spn-annotator doctor` tells more)"


def run_tools(commands: list[list[str]]) -> int:
    """Run each tool of the environment in turn; return the first exit status that is not zero."""
    folder = venv_python().parent
    statuses = []
    for name, *arguments in commands:
        say(shlex.join([name, *arguments]))
        statuses.append(
            subprocess.run([str(folder / name), *arguments], cwd=ROOT, check=False).returncode
        )
    return next((status for status in statuses if status), 0)


def run_benchmarks(arguments: list[str]) -> int:
    """Run the benchmarks named in the arguments, or all there are; options go to each of them."""
    every = sorted(path.stem for path in (ROOT / "benchmarks").glob("bench_*.py"))
    names = list(itertools.takewhile(lambda argument: argument in every, arguments))
    options = arguments[len(names) :]
    return run_tools([["python", "-m", f"benchmarks.{name}", *options] for name in names or every])


def perform(task: str, arguments: list[str]) -> int:
    """Do one task with the arguments meant for it and return its exit status."""
    if task in {"run", "test", "install"}:
        # Tests open no display, wherever they run.
        ensure_system_libraries(os.environ if task == "run" else {})
    ensure_environment(dev=task != "run")
    if task == "run":
        return run_program(arguments)
    if task in {"test", "test-formats"}:
        ensure_format_tools(required=task == "test-formats")
    if task == "test":
        return run_tools([["python", "-m", "pytest", *arguments]])
    if task == "test-formats":
        os.environ["SPN_ANNOTATOR_FORMAT_TOOLS_REQUIRED"] = "1"
        return run_tools([["python", "-m", "pytest", "tests/formats/test_tools.py", *arguments]])
    if task == "lint":
        return run_tools([["ruff", "check", "."], ["ruff", "format", "--check", "."]])
    if task == "types":
        return run_tools([["basedpyright", *arguments]])
    if task == "docs":
        # The theme advertises another program at each build.
        os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
        return run_tools([["mkdocs", "build", "--strict", *arguments]])
    if task == "bench":
        return run_benchmarks(arguments)
    if task == "compare-propagation":
        return run_tools([["python", "-m", "benchmarks.compare_propagation", *arguments]])
    return 0


def say(text: str) -> None:
    """Print a line of the set-up's own, apart from those of the tools."""
    print(f"[setup] {text}", flush=True)


def main() -> int:
    """Run the script; return its exit status."""
    tasks = ("run", "test", "test-formats", "lint", "types", "docs", "bench")
    tasks += ("compare-propagation", "install")
    if len(sys.argv) < 2 or sys.argv[1] not in tasks:
        print(__doc__)
        return 0 if sys.argv[1:] in (["-h"], ["--help"]) else 2
    try:
        if not OLDEST <= sys.version_info[:2] <= NEWEST:
            # The rest of this script and the library table are written for these versions.
            return subprocess.run([*fitting_python(), *sys.argv], check=False).returncode
        return perform(sys.argv[1], sys.argv[2:])
    except SetupError as error:
        print(f"[setup] {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
