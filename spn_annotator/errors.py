"""The one hierarchy of errors that a user can meet.

Every message says what is wrong with which file and what to do about it, in one line. Command line
and window print ``str(error)``; anything else that reaches them is a defect of the program.
"""

from __future__ import annotations

from pathlib import Path


class SpnAnnotatorError(Exception):
    """Base of all errors meant for the user.

    Parameters
    ----------
    message : str
        What is wrong, without a full stop at the end.
    path : Path or str, optional
        The file or folder it is about; comes first in the text.
    remedy : str, optional
        What the user can do, as a sentence without a full stop at the end.
    """

    def __init__(
        self, message: str, *, path: Path | str | None = None, remedy: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = None if path is None else Path(path)
        self.remedy = remedy

    def __str__(self) -> str:
        text = self.message if self.path is None else f"{self.path}: {self.message}"
        if self.remedy:
            text = f"{text}. {self.remedy}"
        return " ".join(text.split())


class FileReadError(SpnAnnotatorError):
    """A file is missing, cannot be read, or is not what its name says."""


class FormatError(SpnAnnotatorError):
    """A file can be read, but its content breaks the format's rules."""


class MaskSizeError(SpnAnnotatorError):
    """A mask does not have the size of its image."""


class ModelFileError(SpnAnnotatorError):
    """A model file is missing, damaged, or no model of this program."""


class SaveError(SpnAnnotatorError):
    """Something could not be written; what is in memory is kept."""


class UsageError(SpnAnnotatorError):
    """Arguments of a command contradict each other or name nothing."""


class CallOrderError(SpnAnnotatorError):
    """A method was called before the one it depends on."""


class ShapeError(SpnAnnotatorError, ValueError):
    """An array has another shape, dtype or range than the call asks for."""
