"""The originals, for work that looks at pixels and shows nobody anything: judging and redaction, in flows.

A person opens an original through ``actions.open_original``, which keeps who it was. Nothing under web/ may
import this module; the architecture tests see to it.
"""

from __future__ import annotations

from recoup.domain.evidence.models import Photo
from recoup.foundation.files import queries as files


def bytes_of(photo: Photo) -> bytes:
    """The exact bytes that arrived. Raises FileDamaged, KeyDestroyed, KeyMissing."""
    return files.read(photo.file)
