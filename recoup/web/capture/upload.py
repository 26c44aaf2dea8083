"""The door for photos: tus 1.0.0 as plain ASGI, before Django, never multipart, never a body in memory.

``POST /upload/`` announces a photo, ``PATCH /upload/<id>`` adds bytes, ``HEAD`` tells how many are durable,
``DELETE`` gives up. The customer's link comes as ``Authorization: Bearer <secret>`` or ``Recoup-Link: <secret>``.
``Upload-Metadata`` knows: ``photo`` (the phone's own UUID for the picture), ``sha256`` (hex), ``shot``,
``filetype``, ``filename``; each may be left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from django.db.utils import InterfaceError, OperationalError
from django.utils import timezone, translation

from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence import limits, queries
from recoup.domain.evidence.queries import RunningUpload as Upload
from recoup.domain.evidence.queries import Visit
from recoup.kit import ids, tus
from recoup.kit.refusal import NotFound, Refusal
from recoup.web.capture import languages
from recoup.web.capture.receiving import Receive, Reception, Turn, in_thread
from recoup.web.look import words

Send = Callable[[dict[str, Any]], Awaitable[None]]
log = structlog.get_logger("upload")

PREFIX = "/upload/"
_SHA256 = re.compile(r"^[0-9a-f]{64}$")
_SHOT = re.compile(r"^[a-z0-9_-]{0,60}$")
_MEDIA_TYPE = re.compile(r"^[\w.+-]{1,40}/[\w.+-]{1,39}$")


class Unavailable(Refusal):
    code, status = "upload.unavailable", 503
    sentence = "We cannot keep photos right this moment. What was acknowledged is safe; it goes on by itself."


class ArrivedAlready(Refusal):
    code, status = "upload.arrived", 403
    sentence = "This photo has arrived and is kept. Leave it out of your return if you do not want to use it."


@dataclass(frozen=True, slots=True)
class Request:
    """One request: ``upload_id`` is empty for the door itself; header names are in lower case."""

    method: str
    upload_id: str
    headers: tus.Headers
    receive: Receive

    @property
    def secret(self) -> str:
        bearer = self.headers.get("authorization", "")
        return bearer[7:].strip() if bearer[:7].lower() == "bearer " else self.headers.get("recoup-link", "")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Announcement:
    """``Upload-Metadata``, understood."""

    photo: UUID
    sha256: str
    shot: str
    media_type: str


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Mounted at ``/upload/`` by conf/asgi.py; every other path is Django's."""
    if scope["type"] != "http":
        raise ValueError(f"The upload door serves http, not {scope['type']}.")
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    method = tus.method(scope["method"], headers)
    request = Request(method, scope["path"].removeprefix(PREFIX).strip("/"), headers, receive)
    answer = await _answer_or_refuse(request)
    await _send(send, answer, with_body=scope["method"] != "HEAD")


async def _answer_or_refuse(request: Request) -> Answer:
    try:
        return await answer(request)
    except Refusal as refusal:
        return _refused(refusal, request)
    except (OperationalError, InterfaceError) as error:
        log.warning("upload.no_database", error=str(error))
        return _refused(Unavailable(), request)


async def answer(request: Request) -> Answer:
    if request.method == "OPTIONS":
        return Answer(204, tus.options(limit=limits.photo_bytes()))
    tus.check_version(request.headers)
    table = AT_AN_UPLOAD if request.upload_id else AT_THE_DOOR
    if request.method not in table:
        raise tus.WrongMethod(method=request.method)
    return await table[request.method](request)


async def announce(request: Request) -> Answer:
    """Creation, and creation-with-upload when a body comes along."""
    length = tus.length(request.headers, limit=limits.photo_bytes())
    metadata = request.headers.get("upload-metadata", "")
    announcement = _read_announcement(tus.metadata(metadata))
    with_body = "content-type" in request.headers and request.headers.get("content-length") != "0"
    if with_body:
        tus.check_type(request.headers)
        tus.check_room(request.headers, offset=0, length=length)
    visit, upload = await in_thread(_announce, request.secret, length, announcement, metadata)
    offset = upload.file.offset
    if with_body and upload.file.state == "open" and offset == 0:
        offset = await _add(request, visit, upload.file_id, 0)
    return Answer(201, {"location": f"{PREFIX}{upload.file_id}", **_standing(upload, offset)})


async def add(request: Request) -> Answer:
    tus.check_type(request.headers)
    offset = tus.whole(request.headers, "upload-offset")
    visit, upload = await in_thread(_find, request.secret, request.upload_id)
    if offset != upload.file.offset:
        raise tus.WrongOffset(offset=upload.file.offset, asked=offset)
    reached = await _add(request, visit, upload.file_id, offset)
    return Answer(204, _standing(upload, reached))


async def _add(request: Request, visit: Visit, upload_id: UUID, offset: int) -> int:
    """Write the body while nobody else may; gives back the new durable offset."""
    checksum = tus.checksum(request.headers)
    async with Turn(upload_id) as turn:
        reception = await in_thread(_begin, visit, upload_id, offset, checksum)
        tus.check_room(request.headers, offset=offset, length=reception.length)
        await reception.take(request.receive, turn)
    return reception.offset


async def tell(request: Request) -> Answer:
    _, upload = await in_thread(_find, request.secret, request.upload_id)
    about = {"upload-length": str(upload.file.length), "cache-control": "no-store"}
    if upload.metadata:
        about["upload-metadata"] = upload.metadata
    return Answer(200, {**_standing(upload, upload.file.offset), **about})


async def give_up(request: Request) -> Answer:
    _, upload = await in_thread(_find, request.secret, request.upload_id)
    async with Turn(upload.file_id):
        await in_thread(_drop, request.secret, request.upload_id)
    return Answer(204)


AT_THE_DOOR = {"POST": announce}
AT_AN_UPLOAD = {"PATCH": add, "HEAD": tell, "DELETE": give_up}


def _announce(secret: str, length: int, said: Announcement, metadata: str) -> tuple[Visit, Upload]:
    now = timezone.now()
    visit = queries.access_session(secret=secret, now=now)
    upload = evidence.announce_upload(
        session=visit.session, client_id=said.photo, length=length, now=now, sha256=said.sha256, shot=said.shot,
        media_type=said.media_type, metadata=metadata,
    )  # fmt: skip
    return visit, upload


def _find(secret: str, upload_id: str) -> tuple[Visit, Upload]:
    visit = queries.access_session(secret=secret, now=timezone.now())
    return visit, _living(visit, _uuid_in_path(upload_id))


def _living(visit: Visit, upload_id: UUID) -> Upload:
    upload = queries.running_upload(session=visit.session, upload_id=upload_id)
    expires_at = upload.file.expires_at
    if upload.file.state == "gone" or (expires_at and expires_at <= timezone.now()):
        raise tus.Gone()
    return upload


def _begin(visit: Visit, upload_id: UUID, offset: int, checksum: tus.Checksum | None) -> Reception:
    """Look again, now that the turn is ours: the offset may have moved while we waited for it."""
    upload = _living(visit, upload_id)
    if offset != upload.file.offset:
        raise tus.WrongOffset(offset=upload.file.offset, asked=offset)
    return Reception(upload, visit.actor, checksum)


def _drop(secret: str, upload_id: str) -> None:
    visit, upload = _find(secret, upload_id)
    if upload.file.state == "complete":
        raise ArrivedAlready()
    evidence.drop_upload(upload=upload, actor=visit.actor, now=timezone.now())


def _uuid_in_path(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound() from None


def _read_announcement(said: dict[str, str]) -> Announcement:
    """Raises tus.Malformed for a value that is not what its key means."""
    sha256, shot = said.get("sha256", "").lower(), said.get("shot", "")
    if (sha256 and not _SHA256.match(sha256)) or not _SHOT.match(shot):
        raise tus.Malformed(header="upload-metadata")
    try:
        photo = UUID(said["photo"]) if said.get("photo") else ids.new()
    except ValueError:
        raise tus.Malformed(header="upload-metadata") from None
    media_type = said.get("filetype", "")
    known = media_type if _MEDIA_TYPE.match(media_type) else "application/octet-stream"
    return Announcement(photo=photo, sha256=sha256, shot=shot, media_type=known)


def _standing(upload: Upload, offset: int) -> dict[str, str]:
    expires_at = upload.file.expires_at
    running = expires_at is not None and offset < (upload.file.length or 0)
    expires = {"upload-expires": tus.expires(expires_at)} if running and expires_at else {}
    return {"upload-offset": str(offset), **expires}


def _refused(refusal: Refusal, request: Request) -> Answer:
    """In the language of the page that sends, which our own script names; a machine that names none reads English."""
    with translation.override(languages.spoken(request.headers.get("accept-language", "").partition(",")[0])):
        body = json.dumps({**refusal.as_json(), "sentence": words.said(refusal)}, default=str).encode()
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    if refusal.status == tus.WrongVersion.status:
        headers["tus-version"] = tus.VERSION
    return Answer(refusal.status, headers, body)


async def _send(send: Send, answer: Answer, *, with_body: bool) -> None:
    headers = {"tus-resumable": tus.VERSION, "x-content-type-options": "nosniff", **answer.headers}
    if answer.status != 204:
        headers["content-length"] = str(len(answer.body))
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": answer.body if with_body else b""})
