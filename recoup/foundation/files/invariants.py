"""Is every stored byte there, unchanged, readable and owned?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from recoup.foundation.audit.queries import told
from recoup.foundation.database.findings import Finding
from recoup.foundation.files import actions, folder, keys, queries
from recoup.foundation.files.models import SealKey, StoredFile
from recoup.kit.refusal import Refusal


def contents() -> Iterator[Finding]:
    """Every file, read whole: each frame opens, the lengths add up, and the hash is the one that was promised."""
    files = StoredFile.objects.exclude(state="gone").filter(key__destroyed_at=None).select_related("key")
    for file in files.order_by("id").iterator(chunk_size=500):
        if wrong := _wrong(file):
            yield _finding("files.contents", file, wrong)


def _wrong(file: StoredFile) -> str:
    digest, length = hashlib.sha256(), 0
    try:
        for chunk in queries.durable(file):
            digest.update(chunk)
            length += len(chunk)
    except queries.FileDamaged as damaged:
        return f"{damaged.facts['why']} ({damaged.facts['path']})"
    except Refusal as refusal:
        return refusal.say()
    if length != file.offset:
        return f"It holds {length} bytes instead of {file.offset}."
    if file.state == "complete" and digest.hexdigest() != file.sha256:
        return "Its bytes do not have the hash that was recorded."
    return ""


def orphans() -> Iterator[Finding]:
    """Every sealed segment on the disk belongs to a file; what a crash left is swept within the hour."""
    for path in actions.unknown_segments():
        yield Finding("files.orphans", path, f"The sealed segment {path} belongs to no file; “sweep” removes it.")
    for path in folder.unfinished(older_than=2 * actions.SWEEP_AFTER):
        yield Finding("files.orphans", path, f"The unfinished part {path} was left behind; “sweep” removes it.")


def wrapped_keys() -> Iterator[Finding]:
    """Every key that was not destroyed opens with an installation key that is here."""
    for key in SealKey.objects.filter(destroyed_at=None).iterator():
        if not keys.is_open(key):
            sentence = f"The key {key.id} does not open with any installation key here (it needs {key.ring_key_id})."
            yield Finding("files.keys", f"key {key.id}", sentence)


def destroyed_keys() -> Iterator[Finding]:
    """No key counts as destroyed, and its files as erased, that nobody destroyed."""
    destroyed = told("key.destroyed", SealKey).filter(subject_id=OuterRef("pk"))
    for key in SealKey.objects.filter(~Exists(destroyed), destroyed_at__isnull=False).iterator():
        yield Finding("files.destroyed", f"key {key.id}", f"The key {key.id} is gone, and nobody destroyed it.")


def _finding(invariant: str, file: StoredFile, wrong: str) -> Finding:
    return Finding(invariant, f"{file.purpose} {file.id}", f"The stored {file.purpose} {file.id} is damaged: {wrong}")
