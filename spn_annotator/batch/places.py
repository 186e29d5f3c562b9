"""Files here and elsewhere: a path of this machine, or a URL that fsspec knows (``s3://…``).

Everything else in this room asks for a *place* and never for the kind of it. What comes from
elsewhere is fetched into a folder of this machine before it is read; what goes elsewhere is written
here first and then sent as a whole, so that a result is there or is not.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from spn_annotator.errors import FileReadError, SaveError, SpnAnnotatorError, UsageError
from spn_annotator.formats.atomic import atomic_write, make_folder

_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]+://")
_CHUNK = 1 << 20


class PlaceError(SpnAnnotatorError):
    """Something elsewhere cannot be reached, listed or read."""


@dataclass(frozen=True, order=True)
class Place:
    """A file or a folder: a path as the system has it, or a URL.

    Parameters
    ----------
    text : str
        As the user gave it; a URL has no slash at its end.
    """

    text: str

    @classmethod
    def of(cls, source: Place | Path | str) -> Place:
        """Return the place that a path or a text names; ``file://`` becomes a path."""
        if isinstance(source, Place):
            return source
        text = str(source)
        if text.startswith("file://"):
            return cls(str(Path(text.removeprefix("file://"))))
        if _URL.match(text):
            scheme, _, rest = text.partition("://")
            return cls(f"{scheme}://{rest.rstrip('/')}")
        return cls(str(Path(text)))

    def __str__(self) -> str:
        return self.text

    def __truediv__(self, name: str) -> Place:
        return Place(f"{self.text}/{name}") if self.is_remote else Place(str(self.path / name))

    @property
    def is_remote(self) -> bool:
        """Whether it is a URL."""
        return _URL.match(self.text) is not None

    @property
    def path(self) -> Path:
        """The path on this machine.

        Raises
        ------
        UsageError
            It is elsewhere.
        """
        if self.is_remote:
            raise UsageError(f"{self.text} is no path of this machine", remedy="Name a local path")
        return Path(self.text)

    @property
    def name(self) -> str:
        """What stands behind the last slash."""
        return self.text.rpartition("/")[2] if self.is_remote else self.path.name

    @property
    def suffix(self) -> str:
        """The suffix with its dot, in lower case; empty where there is none."""
        return os.path.splitext(self.name)[1].lower()  # noqa: PTH122  (a URL is no path)

    @property
    def parent(self) -> Place:
        """The folder it lies in."""
        return Place(self.text.rpartition("/")[0] if self.is_remote else str(self.path.parent))

    def as_posix(self) -> str:
        """Return the text with slashes, as reports have it."""
        return self.text if self.is_remote else self.path.as_posix()

    def same_as(self, other: Place) -> bool:
        """Return whether both are one, links on this machine followed."""
        if self.is_remote or other.is_remote:
            return self.text == other.text
        return self.path.resolve() == other.path.resolve()

    # -- what is there ---------------------------------------------------------------------------

    def is_file(self) -> bool:
        """Return whether a file is there."""
        if not self.is_remote:
            return self.path.is_file()
        with reaching(self):
            return _system(self).isfile(self.text)

    def exists(self) -> bool:
        """Return whether anything is there."""
        if not self.is_remote:
            return self.path.exists()
        with reaching(self):
            return _system(self).exists(self.text)

    def walk(self, *, deep: bool) -> Iterator[tuple[str, Place]]:
        """Yield the files of a folder with their names relative to it, hidden ones left out.

        Parameters
        ----------
        deep : bool
            Whether folders inside it are gone into.

        Raises
        ------
        PlaceError
            It cannot be listed.
        """
        if not self.is_remote:
            with reaching(self):
                for item in sorted(self.path.rglob("*") if deep else self.path.iterdir()):
                    name = item.relative_to(self.path)
                    if item.is_file() and not any(part.startswith(".") for part in name.parts):
                        yield name.as_posix(), Place(str(item))
            return
        with reaching(self):
            system = _system(self)
            base = system._strip_protocol(self.text).rstrip("/") + "/"
            system.invalidate_cache()
            found = system.find(base, maxdepth=None if deep else 1)
        for item in sorted(found):
            name = item.removeprefix(base) if item.startswith(base) else item.rpartition("/")[2]
            if name and not any(part.startswith(".") for part in name.split("/")):
                yield name, self / name

    def version(self) -> str | None:
        """Return what the store says about the state of a file elsewhere, if it says anything.

        An ETag, a generation or a checksum changes with the content. A local file has none: its
        content is looked at instead.
        """
        if not self.is_remote:
            return None
        with reaching(self):
            system = _system(self)
            system.invalidate_cache(self.parent.text)
            info = system.info(self.text)
        for key in ("ETag", "etag", "md5Hash", "generation", "content_md5"):
            if info.get(key):
                return f"{key.lower()}:{info[key]}".replace('"', "")
        return None

    # -- reading and writing ---------------------------------------------------------------------

    def fetch(self, folder: Path) -> Path:
        """Return a local file with the content: the file itself, or a copy made in ``folder``."""
        if not self.is_remote:
            return self.path
        target = folder / self.name
        with reaching(self):
            _system(self).get_file(self.text, str(target))
        return target

    def read_bytes(self) -> bytes | None:
        """Return the content, or None where no file is."""
        if not self.is_remote:
            try:
                return self.path.read_bytes()
            except FileNotFoundError:
                return None
            except OSError as error:
                raise _unreadable(self, error) from error
        with reaching(self):
            system = _system(self)
            system.invalidate_cache(self.parent.text)
            try:
                return system.cat_file(self.text)
            except FileNotFoundError:
                return None

    def write_bytes(self, data: bytes) -> None:
        """Write a file, whole or not at all; a missing folder is made.

        Raises
        ------
        SaveError
            It cannot be written.
        """
        if not self.is_remote:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(self.path) as handle:
                handle.write(data)
            return
        with sending(self):
            _system(self).pipe_file(self.text, data)

    def store(self, local: Path) -> None:
        """Take the place's content from a local file, whole or not at all.

        Raises
        ------
        SaveError
            It cannot be written.
        """
        if not self.is_remote:
            with local.open("rb") as source, atomic_write(self.path) as handle:
                shutil.copyfileobj(source, handle)
            return
        with sending(self):
            _system(self).put_file(str(local), self.text)

    def remove(self) -> None:
        """Remove a file that may be there."""
        if not self.is_remote:
            self.path.unlink(missing_ok=True)
            return
        with sending(self):
            system = _system(self)
            system.invalidate_cache(self.parent.text)
            if system.exists(self.text):
                system.rm_file(self.text)

    def make_folder(self) -> None:
        """Make a folder and prove that it can be written to.

        Raises
        ------
        SaveError
            It cannot.
        """
        if not self.is_remote:
            make_folder(self.path)
            return
        probe = self / ".spn-probe"
        with sending(self):
            system = _system(self)
            if self.text.startswith("memory://"):
                system.makedirs(self.text, exist_ok=True)
            system.pipe_file(probe.text, b"")
            system.rm_file(probe.text)


def sha256(path: Path) -> str:
    """Return the checksum of a local file, as ``sha256sum`` prints it."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except FileNotFoundError as error:
        raise FileReadError(
            "does not exist", path=path, remedy="Check the name and the folder"
        ) from error
    except OSError as error:
        raise _unreadable(Place(str(path)), error) from error
    return digest.hexdigest()


@contextmanager
def reaching(place: Place) -> Iterator[None]:
    """Turn whatever a store elsewhere raises into one clear error."""
    try:
        yield
    except (SpnAnnotatorError, FileNotFoundError):
        raise
    except Exception as error:  # every store has errors of its own
        raise PlaceError(
            f"{place}: cannot be reached ({_reason(error)})",
            remedy="Check the address, the network and the credentials",
        ) from error


@contextmanager
def sending(place: Place) -> Iterator[None]:
    """Turn whatever a store elsewhere raises on writing into a SaveError."""
    try:
        yield
    except SpnAnnotatorError:
        raise
    except Exception as error:  # every store has errors of its own
        raise SaveError(
            f"{place}: cannot be written ({_reason(error)})",
            remedy="Check the address, the network and the credentials",
        ) from error


@lru_cache(maxsize=16)
def _filesystem(scheme: str, process: int) -> Any:
    """Return the file system of a scheme, one a process: connections do not survive a spawn."""
    try:
        import fsspec
    except ImportError as error:  # comes with torch, yet is no dependency of ours elsewhere
        raise UsageError(
            f"{scheme}:// needs the package fsspec", remedy="pip install 'spn-annotator[cloud]'"
        ) from error
    try:
        return fsspec.filesystem(scheme)
    except ImportError as error:
        raise UsageError(
            f"{scheme}:// needs a package that is not installed ({_reason(error)})",
            remedy="pip install 'spn-annotator[cloud]', or fsspec's package for this store",
        ) from error
    except ValueError as error:
        raise UsageError(
            f"{scheme}:// is no kind of address that is known here",
            remedy="Use s3://, gs://, file:// or a path",
        ) from error


def _system(place: Place) -> Any:
    return _filesystem(place.text.partition("://")[0], os.getpid())


def _unreadable(place: Place, error: OSError) -> FileReadError:
    return FileReadError(
        f"cannot be read ({error.strerror or error})",
        path=place.text,
        remedy="Check the file's permissions",
    )


def _reason(error: BaseException) -> str:
    text = " ".join(str(error).split()).rstrip(".")
    return text[:200] or type(error).__name__
