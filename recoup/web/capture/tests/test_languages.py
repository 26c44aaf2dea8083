"""Who reads which language: the link's, the browser's, the one that was pressed; and English where nobody asked."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from unittest.mock import AsyncMock

import pytest
from django.test import Client
from django.utils import translation

from recoup.domain.defects.starter import STARTER
from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.models import CaptureSession
from recoup.domain.returns import actions, letters
from recoup.domain.returns.label import render_label
from recoup.domain.returns.models import CaptureLink
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts.codes import CodeDoesNotFit, TooManyCodes
from recoup.foundation.accounts.models import Staff
from recoup.foundation.audit.queries import trail
from recoup.kit.actor import SYSTEM
from recoup.vision.unreadable import NotAPhoto, TooLarge
from recoup.web.capture import upload
from recoup.web.look import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch) -> tuple[CaptureLink, str]:
    """A customer's link, opened in English, and its secret."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    make.defect()
    made, secret = make.link(make.order_line().order, secret=True)
    return made, f"/c/{secret}/"


def in_page(client: Client, path: str, **headers: str) -> str:
    return client.get(path, headers=headers).content.decode()


@pytest.mark.parametrize(("asked", "spoken"), [
    ("de-CH,de;q=0.9,en;q=0.5", "de"), ("ar-EG", "ar"), ("fr,en;q=0.3", "en"), ("fr", "en"), ("", "en"),
])  # fmt: skip
def test_the_front_door_follows_the_browser(client: Client, asked: str, spoken: str) -> None:
    assert f'<html lang="{spoken}"' in in_page(client, "/", accept_language=asked)


def test_a_link_speaks_its_own_language_whatever_the_browser_says(
    client: Client, link: tuple[CaptureLink, str]
) -> None:
    for language, spoken in (("de", "de"), ("de-AT", "de"), ("fr", "en"), ("", "en")):
        CaptureSession.objects.update(language=language)
        answer = client.get(link[1], headers={"accept-language": "ar"})
        assert f'<html lang="{spoken}"' in answer.content.decode()
        assert answer.headers["Content-Language"] == spoken


def test_a_refusal_behind_a_link_speaks_the_links_language(client: Client, link: tuple[CaptureLink, str]) -> None:
    CaptureSession.objects.update(language="de")
    page = client.get(f"{link[1]}label.pdf", headers={"accept-language": "ar"}).content.decode()
    assert "Hier ist nichts für Sie." in page and '<html lang="de"' in page
    words_back = client.post(f"{link[1]}send", {"order_line_id": "", "defect_type": "x"}).content.decode()
    assert "Wählen Sie zuerst, um welchen Artikel es geht." in words_back


@pytest.mark.parametrize("path", ["/desk/", "/accounts/login/", "/supplier/nobody/", "/api/nothing"])
def test_the_desk_suppliers_and_machines_read_english(client: Client, path: str) -> None:
    client.force_login(Staff.objects.create(email="ann@example.com", roles=["agent"]))
    client.cookies["language"] = "de"
    answer = client.get(path, headers={"accept-language": "de"}, follow=True)
    assert answer.headers["Content-Language"] == "en"
    assert 'lang="de"' not in answer.content.decode()


def test_a_pressed_language_stays_with_the_browser_at_the_door(client: Client) -> None:
    answer = client.post("/language", {"language": "ar", "page": "code"})
    assert answer.headers["Location"] == "/code/"
    assert '<html lang="ar" dir="rtl"' in in_page(client, "/", accept_language="de")
    assert client.post("/language", {"language": "de", "page": "https://elsewhere.example"}).headers["Location"] == "/"
    assert client.post("/language", {"language": "xx"}).status_code == 404


def test_a_pressed_language_stays_with_the_link_and_its_letters(client: Client, link: tuple[CaptureLink, str]) -> None:
    made, page = link
    assert client.post(f"{page}language", {"language": "de"}).headers["Location"] == page
    client.post(f"{page}language", {"language": "de"})
    assert '<html lang="de"' in in_page(Client(), page)
    made.session.refresh_from_db()
    assert made.session.language == "de"
    assert [each.verb for each in trail(made.session)].count("session.language") == 1
    assert client.post(f"{page}language", {"language": "tlh"}).status_code == 404


def test_a_guests_language_is_in_the_address(link: tuple[CaptureLink, str]) -> None:
    client, ours = Client(enforce_csrf_checks=True), {"origin": "http://testserver"}
    pressed = client.post("/embed/de/dark/language", {"language": "ar"}, headers=ours)
    assert pressed.headers["Location"] == "/embed/ar/dark/"
    pressed = client.post(f"/app{link[1]}language", {"language": "de"}, headers=ours)
    assert pressed.headers["Location"] == f"/app/de{link[1]}"
    asked = client.post("/embed/", {"number": "#1001", "address": "cora@example.com"}, headers=ours).content.decode()
    assert "/embed/code/" in asked and "/embed/language" not in asked
    assert not client.cookies


def test_what_was_kept_in_english_is_said_again(client: Client, link: tuple[CaptureLink, str]) -> None:
    CaptureSession.objects.update(language="de")
    made = make.photo(link[0].session, "overall", judged="")
    evidence.mark_unreadable(photo=made, reason="photo.not_a_photo", sentence=NotAPhoto(what="a video").say())
    [photo] = client.get(f"{link[1]}photos").json()["photos"]
    assert (
        photo["sentence"]
        == "Diese Datei ist ein Video, kein Foto. Senden Sie ein Foto (JPEG, PNG, WebP, HEIC oder AVIF)."
    )
    assert words.retold(TooLarge(megabytes=80, limit=40).say()) == TooLarge(megabytes=80, limit=40).say()
    assert words.retold("The house wrote this itself.") == "The house wrote this itself."


@pytest.mark.parametrize(("language", "said"), [
    ("de", ["noch 1 Versuch.", "noch 4 Versuche.", "in 1 Minute anfordern.", "in 2 Stunden anfordern."]),
    ("ar", ["محاولة واحدة.", "4 محاولات.", "بعد دقيقة واحدة.", "بعد ساعتين."]),
    ("en", ["1 try left.", "4 tries left.", "in 1 minute.", "in 2 hours."]),
])  # fmt: skip
def test_what_is_counted_has_the_plural_of_its_language(language: str, said: list[str]) -> None:
    counted = [
        CodeDoesNotFit(left="1 try"),
        CodeDoesNotFit(left="4 tries"),
        TooManyCodes(wait="1 minute"),
        TooManyCodes(wait="2 hours"),
    ]
    with translation.override(language):
        assert [words.said(each).endswith(end) for each, end in zip(counted, said, strict=True)] == [True] * 4


@pytest.mark.parametrize(("asked", "said"), [
    ("de", "Das Foto ist größer als 40 MB."), ("ar,en;q=0.5", "الصورة أكبر من 40 MB."), ("", "The photo is larger than 40 MB."),
])  # fmt: skip
def test_the_upload_door_answers_in_the_language_of_the_page(asked: str, said: str) -> None:
    told = {"tus-resumable": "1.0.0", "upload-length": str(10**9), "accept-language": asked}
    headers = [(name.encode(), value.encode()) for name, value in told.items()]
    sent: list[dict[str, Any]] = []
    send = AsyncMock(side_effect=sent.append)
    asyncio.run(
        upload.application(
            {"type": "http", "method": "POST", "path": "/upload/", "headers": headers}, AsyncMock(), send
        )
    )
    answer = json.loads(sent[1]["body"])
    assert answer["code"] == "tus.too_large" and answer["sentence"].startswith(said)


def test_a_letter_writes_money_days_and_the_starters_words_in_its_language() -> None:
    kind = make.defect()
    kind.name = STARTER[0].name
    kind.save()
    line = make.submitted(of_defect=kind)
    CaptureSession.objects.update(language="de")
    assert "„Es ist gesprungen oder zerbrochen“" in letters.received(case=line.return_case, actor=SYSTEM).body_text
    actions.approve(line=line, remedy="refund", reason="Fair.", at=make.NOW, actor=make.agent())
    line.refresh_from_db()
    assert "49,90\N{NO-BREAK SPACE}€ werden" in letters.approved(line=line, actor=SYSTEM).body_text


@pytest.mark.parametrize("language", ["de", "ar"])
def test_the_label_is_in_the_language_of_the_link(language: str, link: tuple[CaptureLink, str], client: Client) -> None:
    case: Any = make.to_agent().return_case
    actions.approve(line=case.lines.get(), remedy="refund", reason="Fair.", at=make.NOW, actor=make.agent())
    case.refresh_from_db()
    english = render_label(case, seller="The shop")
    with translation.override(language):
        pdf = render_label(case, seller="The shop")
    assert pdf.startswith(b"%PDF-") and pdf != english
