"""Work given to Python threads while kernels run without the GIL.

No threading layer of Numba and no OpenMP: any number of callers may be at work at once, the number
of threads is torch's, and a forked process starts anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import torch


@lru_cache(maxsize=4)
def _pool(pid: int) -> ThreadPoolExecutor:
    # Keyed by process, so that a forked child does not wait for threads it does not have.
    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="spn-kernels")


def threads() -> int:
    """Return on how many threads work is spread."""
    return max(1, torch.get_num_threads())


def run(tasks: Sequence[Callable[[], object]]) -> None:
    """Run tasks that do not depend on each other, and wait for all of them."""
    count = min(threads(), len(tasks))
    if count <= 1:
        for task in tasks:
            task()
        return

    def work(first: int) -> None:
        for task in tasks[first::count]:
            task()

    futures = [_pool(os.getpid()).submit(work, i) for i in range(1, count)]
    try:
        work(0)
    finally:
        # Even if this part failed, nothing may be written to the arrays after the return.
        for future in futures:
            future.exception()
    for future in futures:
        future.result()
