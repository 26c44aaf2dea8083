"""The originals, for work that looks at pixels and shows nobody anything: judging and redaction, in flows.

A person opens an original through ``actions.open_original``, which keeps who it was. Nothing under web/ may
import this module; the architecture tests see to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoup.domain.evidence.models import Photo
from recoup.foundation.files import queries as files

if TYPE_CHECKING:  # no page loads the pixel libraries before it needs them
    import numpy as np
    from numpy.typing import NDArray


def bytes_of(photo: Photo) -> bytes:
    """The exact bytes that arrived. Raises FileDamaged, KeyDestroyed, KeyMissing."""
    return files.read(photo.file)


def pixels_of(photo: Photo) -> NDArray[np.uint8]:
    """uint8[h, w, 3] RGB, upright as the photo was judged. Raises Unreadable besides what ``bytes_of`` raises."""
    from recoup.vision import upright
    from recoup.vision.decode import decode

    return upright.turned(decode(bytes_of(photo)).pixels, photo.quarter_turns)
