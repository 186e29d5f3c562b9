"""What becomes of freed memory: kept at hand for what comes next, or given back, as can be told."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache

LARGEST_KEPT = 256 << 20
"""Bytes of a block up to which it comes from memory that is at hand."""

MOST_KEPT = 256 << 20
"""Bytes that are freed and not yet returned to the system."""

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of glibc's mallopt


@cache
def keep_freed_memory() -> bool:
    """Let glibc keep large blocks for the next ones, in this process from now on.

    By default it returns every block of over 32 MiB to the system, which clears the pages it hands
    out again: a sixth of the time that a look at twice an image's size takes. Whoever has set
    glibc's own variables (``MALLOC_...``, ``GLIBC_TUNABLES``) is left alone.

    Returns
    -------
    bool
        Whether this system's allocator is one that can be told; nothing changes otherwise.
    """
    if not sys.platform.startswith("linux"):
        return False
    if any(name.startswith("MALLOC_") or name == "GLIBC_TUNABLES" for name in os.environ):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return False
    options = ((_MMAP_THRESHOLD, LARGEST_KEPT), (_TRIM_THRESHOLD, MOST_KEPT))
    done = [mallopt(option, value) == 1 for option, value in options]  # each of them
    return all(done)


def return_freed_memory() -> bool:
    """Give freed memory back to the system, where glibc holds it between blocks in use.

    Worth while before large arrays are made that do not fit into the gaps small ones have left.

    Returns
    -------
    bool
        Whether any was given back.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        return bool(ctypes.CDLL(None).malloc_trim(0))
    except (OSError, AttributeError):  # another C library
        return False
