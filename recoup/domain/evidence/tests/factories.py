"""Sessions, photos and copies for tests."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import uuid
from typing import Any

from django.utils import timezone

from recoup.domain.evidence import actions
from recoup.domain.evidence.models import CaptureSession, Photo, RedactedCopy, Upload
from recoup.foundation.accounts import actions as accounts
from recoup.foundation.files import actions as files
from recoup.foundation.files.actions import Kept
from recoup.kit.actor import SYSTEM, Actor

CUSTOMER = Actor(kind="customer", id="a link", name="The customer")
BUYER = Actor(kind="staff", id="5f1c0c4e-0000-4000-8000-000000000001", name="Bea Buyer", roles=frozenset({"buyer"}))
AGENT = Actor(kind="staff", id="5f1c0c4e-0000-4000-8000-000000000002", name="Ann Agent", roles=frozenset({"agent"}))
ADMIN = Actor(kind="staff", id="5f1c0c4e-0000-4000-8000-000000000003", name="Ada Admin", roles=frozenset({"admin"}))


def session(hours: int = 24) -> CaptureSession:
    return actions.open_session(expires_at=timezone.now() + dt.timedelta(hours=hours), actor=SYSTEM)


def link_to(session: CaptureSession, hours: int = 24) -> str:
    """The secret of a new link to the session."""
    expires_at = timezone.now() + dt.timedelta(hours=hours)
    return accounts.mint_link(purpose="capture", subject_id=session.id, expires_at=expires_at, actor=SYSTEM)


def upload(session: CaptureSession, data: bytes, shot: str = "", client_id: uuid.UUID | None = None) -> Upload:
    return actions.announce_upload(
        session=session, client_id=client_id or uuid.uuid4(), length=len(data), now=timezone.now(),
        sha256=hashlib.sha256(data).hexdigest(), shot=shot, media_type="image/jpeg", metadata="filename YQ==",
    )  # fmt: skip


def keep(upload: Upload, data: bytes, number: int = 0, offset: int = 0) -> Kept:
    segment = files.begin_segment(file_id=upload.file_id, key=upload.file.key, number=number)
    segment.write(data)
    segment.keep()
    return Kept(number=number, offset=offset, length=len(data), path=segment.path)


def photo(session: CaptureSession, shot: str = "", data: bytes | None = None) -> Photo:
    data = data or os.urandom(1000)
    running = upload(session, data, shot)
    return actions.complete_upload(
        upload=running, kept=keep(running, data), sha256=hashlib.sha256(data).hexdigest(), actor=CUSTOMER,
        now=timezone.now(),
    )  # fmt: skip


def judged(result: str = "accept", **about: Any) -> actions.Judged:
    values: dict[str, Any] = {
        "media_type": "image/jpeg", "width": 4000, "height": 3000, "phash": 2**64 - 5, "rules_version": "test",
        "reasons": [] if result == "accept" else ["blurred"], "sentence": "It is a little blurred.",
        "scores": {"sharp": 0.5}, "views": {"thumb": b"a small jpeg", "screen": b"a middling jpeg"},
    }  # fmt: skip
    return actions.Judged(result=result, **values | about)


def judged_photo(session: CaptureSession, shot: str = "", result: str = "accept") -> Photo:
    made = photo(session, shot)
    actions.judge(photo=made, judged=judged(result))
    return made


def redrawn(data: bytes = b"a redacted jpeg", **about: Any) -> actions.Redrawn:
    covers = [{"kind": "text", "box": [1, 2, 3, 4], "why": "a line of text", "confidence": 0.9}]
    return actions.Redrawn(encoded=data, rules_version="test", **{"covers": covers, **about})


def proposed(photo: Photo | None = None, **about: Any) -> RedactedCopy:
    return actions.propose_redaction(photo=photo or judged_photo(session()), redrawn=redrawn(**about), actor=SYSTEM)
