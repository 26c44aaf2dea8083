from __future__ import annotations

import platform
import resource

import numpy as np

from recoup.kit import memory


def test_freed_arrays_are_used_again_where_the_c_library_can_be_told() -> None:
    told = memory.keep_what_is_freed()
    assert told == (platform.libc_ver()[0] == "glibc")
    if not told:
        return
    for _ in range(3):
        np.ones(16 << 20, np.uint8)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        np.ones(16 << 20, np.uint8)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before < 4096  # pages; anew each time: 81,920
