"""How this process holds memory: a photo's arrays are large and short-lived."""

from __future__ import annotations

import ctypes
import platform

# malloc.h of glibc: above which size (bytes) an array gets pages of its own, and how much free memory stays with us.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_OWN_PAGES, _KEPT = 32 << 20, 256 << 20


def keep_what_is_freed() -> bool:
    """Reuse the pages of freed arrays, up to 256 MiB, where the C library can be told; returns whether it was.

    Otherwise each array of a few MiB is fetched from the kernel, cleared, and given back: a fifth of the time
    that judging a photo takes.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    libc = ctypes.CDLL(None)
    return bool(libc.mallopt(_MMAP_THRESHOLD, _OWN_PAGES) and libc.mallopt(_TRIM_THRESHOLD, _KEPT))
