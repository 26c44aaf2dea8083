"""A customer's phone, as far as the server can tell: opens the link, sends photos in pieces, fills in, sends, looks."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
import uuid
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from recoup.kit.refusal import Refusal

PIECE = 512 * 1024  # bytes per request, as a phone on a weak line would send them


class Turned(Refusal):
    """The server said no; ``said`` is its own sentence."""

    code, status = "demo.turned_away", 502
    sentence = "{said}"


class Browser:
    """GET and POST with cookies and the forms' own token, without running any script."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._open = build_opener(HTTPCookieProcessor(CookieJar())).open
        self._token = ""

    def ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[HTTPResponse, bytes]:
        """Raises Turned, with the server's sentence."""
        where = path if path.startswith("http") else self.address + path
        request = Request(where, data=body, method=method, headers=headers or {})  # noqa: S310  # our own server's address
        try:
            with self._open(request, timeout=60) as answer:
                return answer, answer.read()
        except HTTPError as error:
            raise Turned(said=_sentence(error.read(), error.code)) from None

    def get(self, path: str) -> str:
        _, body = self.ask("GET", path)
        page = body.decode("utf-8", "replace")
        if found := re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page):
            self._token = found[1]
        return page

    def post(self, path: str, **fields: object) -> str:
        form = urlencode({"csrfmiddlewaretoken": self._token, **fields}).encode()
        _, body = self.ask("POST", path, body=form)
        return body.decode("utf-8", "replace")


def _sentence(body: bytes, status: int) -> str:
    """What a refusal says, out of JSON or out of a page."""
    text = body.decode("utf-8", "replace")
    try:
        return str(json.loads(text)["sentence"])
    except (ValueError, KeyError, TypeError):
        found = re.search(r'role="alert"[^>]*>(.*?)</', text, re.S)
        words = re.sub(r"<[^>]+>", " ", found[1]) if found else f"The server answered {status}."
        return " ".join(words.split())


class Phone(Browser):
    """One customer with one link."""

    def __init__(self, address: str, secret: str) -> None:
        super().__init__(address)
        self.link, self._secret = f"/c/{secret}/", secret

    def send_photo(self, data: bytes, *, shot: str, name: str = "photo.jpg") -> str:
        """Announce it, send it piece by piece; gives back the phone's own id of the photo. Raises Turned."""
        mine, total = str(uuid.uuid4()), len(data)
        told = {"photo": mine, "shot": shot, "sha256": hashlib.sha256(data).hexdigest(), "filename": name}
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
        answer, _ = self._tus("POST", "/upload/", {"Upload-Length": str(total), "Upload-Metadata": metadata})
        place, offset = answer.headers["Location"], 0
        while offset < total:
            kind = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
            answer, _ = self._tus("PATCH", place, kind, data[offset : offset + PIECE])
            offset = int(answer.headers["Upload-Offset"])
        return mine

    def _tus(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> tuple[HTTPResponse, bytes]:
        own = {
            "Tus-Resumable": "1.0.0",
            "Authorization": f"Bearer {self._secret}",
            "Content-Length": str(len(body or b"")),
        }
        return self.ask(method, path, body=body or b"", headers={**own, **headers})

    def photos(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.get(f"{self.link}photos"))["photos"]
        return found

    def verdict(self, mine: str, *, patience: float = 30) -> dict[str, Any]:
        """Wait until somebody has looked at the photo. Raises Turned when nobody does."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            seen = next(each for each in self.photos() if each["client"] == mine)
            if seen["state"] not in ("arrived", "arriving"):
                return seen
            time.sleep(0.05)
        raise Turned(said="Nobody looked at the photo in time.")

    def send_anyway(self, mine: str) -> None:
        self.get(self.link)
        self.post(f"{self.link}send-anyway", photo=mine)

    def submit(self, **choice: object) -> None:
        """Fill in the form and send it. Raises Turned with what the page says about the form."""
        self.get(self.link)
        self.post(f"{self.link}send", **choice)

    def standing(self) -> str:
        """The changing part of the status page, as HTML."""
        return self.get(f"{self.link}status/now")
