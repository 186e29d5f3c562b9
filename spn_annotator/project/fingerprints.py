"""Which file it was that somebody annotated: size, time and checksum."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells one file from another.

    Parameters
    ----------
    size : int
        Bytes.
    time : int
        Modification time in ns since 1970. Only a hint: it spares reading a file that has the same
        size and time as before; clocks are wrong at times, and copies get other ones.
    checksum : str
        BLAKE2b of 128 bits over the whole file, in hexadecimal digits.
    """

    size: int
    time: int
    checksum: str

    @classmethod
    def of(cls, path: Path) -> Fingerprint:
        """Read a file whole; OSError if that does not work."""
        status = path.stat()
        return cls(status.st_size, status.st_mtime_ns, checksum_of(path))

    def looks_same(self, path: Path) -> bool:
        """Return whether a file has this size and time; OSError if there is none."""
        status = path.stat()
        return (status.st_size, status.st_mtime_ns) == (self.size, self.time)

    def is_same(self, path: Path) -> bool:
        """Return whether a file is this one; it is read only where size and time leave doubts."""
        if self.looks_same(path):
            return True
        return path.stat().st_size == self.size and checksum_of(path) == self.checksum


def checksum_of(path: Path) -> str:
    """Return the checksum of a file; OSError if it cannot be read."""
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
