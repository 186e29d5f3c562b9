"""Where the program's own files lie, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

from platformdirs import PlatformDirs

from spn_annotator.errors import FileReadError

DEFAULT_MODEL_NAME = "spn-refiner"
"""Name of the model that ships with the program."""

_DIRS = PlatformDirs("spn-annotator", appauthor=False)


def resources_dir() -> Path:
    """Return the folder of icons, themes, models and samples.

    A wheel carries it inside the package; a checkout has it beside the package.

    Raises
    ------
    FileReadError
        Neither is there: the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "resources", package.parent / "resources"):
        if candidate.is_dir():
            return candidate
    raise FileReadError(
        "the program's resources are missing",
        path=package / "resources",
        remedy="Install spn-annotator again",
    )


def docs_dir() -> Path:
    """Return the folder of the documentation, whose start page is ``guide/index.md``.

    A wheel carries it among the resources; a checkout has it beside the package.

    Raises
    ------
    FileReadError
        Neither is there: the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "resources" / "docs", package.parent / "docs"):
        if (candidate / "guide" / "index.md").is_file():
            return candidate
    raise FileReadError(
        "the guide is missing",
        path=package / "resources" / "docs",
        remedy="Install spn-annotator again",
    )


def default_model_path() -> Path:
    """Return the path of the checkpoint that ships with the program."""
    return resources_dir() / "models" / f"{DEFAULT_MODEL_NAME}.safetensors"


def user_data_dir() -> Path:
    """Return the folder for files the user keeps; it may not exist yet."""
    return _DIRS.user_data_path


def sample_project_dir() -> Path:
    """Return the folder of the user's sample project; it may not exist yet."""
    return user_data_dir() / "sample-project"


def user_cache_dir() -> Path:
    """Return the folder for files that can be made again; it may not exist yet."""
    return _DIRS.user_cache_path
