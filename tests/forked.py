"""A process that has everything loaded forks others, which begin at once: each real, and each to be killed."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable


def forked(work: Callable[[], object]) -> int:
    """The number of a process of its own that does this and ends with 0, or with 1 and a traceback."""
    process = os.fork()
    if process:
        return process
    # What is told to us and what we answer is ours; and nobody may outlive us by holding our end of a pipe.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
