"""The supplier's room: every address of it, and that nothing of a customer, and no original, comes out of any."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from recoup.domain.claims import actions as claims
from recoup.domain.claims import queries
from recoup.domain.claims.models import Answer, Claim, DocumentVersion, Packet, Question
from recoup.domain.claims.rules.answers import LineAnswer
from recoup.domain.claims.tests import factories
from recoup.domain.claims.tests.conftest import own_store  # noqa: F401  # a fixture for every test here
from recoup.domain.returns.models import ReturnLine
from recoup.foundation.accounts.queries import live_links
from recoup.foundation.files import queries as files
from recoup.foundation.files.models import StoredFile
from recoup.foundation.notices.models import Notice
from recoup.kit import ids
from recoup.kit.actor import SYSTEM
from recoup.web.supplier import urls

CANARIES = {
    "name": "Zebulon Quartermain", "street": "Marmalade Crescent 77", "city": "Obergurgl-Nord", "postcode": "ZX9 7QP",
    "phone": "+44 7700 900123", "email": "zebulon.q@canary.example", "order number": "CANARY-5521", "external id": "998877665544",
    "tracking": "1ZCANARY000099", "words": "my wife Griselda is upset", "typed serial": "GRISELDA-1",
}  # fmt: skip


class Personal(factories.Source):
    """Its customers leave a canary in every field that is theirs."""

    def approved(self, **about: Any) -> ReturnLine:
        line = super().approved(**about)
        assert line.order_line is not None
        order = line.order_line.order
        order.customer.name, order.customer.email, order.customer.phone = (
            CANARIES["name"],
            CANARIES["email"],
            CANARIES["phone"],
        )
        order.customer.save()
        order.ship_to = {"name": CANARIES["name"], "lines": [CANARIES["street"]], "city": CANARIES["city"],
                         "postcode": CANARIES["postcode"], "phone": CANARIES["phone"]}  # fmt: skip
        order.number, order.tracking_numbers = f"#{CANARIES['order number']}", [CANARIES["tracking"]]
        order.external_id = f"{CANARIES['external id']}-{order.pk}"
        order.save()
        line.words, line.serial_typed = CANARIES["words"], CANARIES["typed serial"]
        line.save()
        return line


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The room looks at the real clock, so its claims are made now."""
    factories.today(monkeypatch)


@factories.once
def personal() -> tuple[Claim, Packet, str]:
    return factories.sent(Personal())


@pytest.fixture
def room(db: None) -> tuple[Claim, Packet, str]:
    return personal()


def ask(claim: Claim) -> Question:
    due = timezone.now().date() + datetime.timedelta(days=7)
    return claims.ask_question(claim=claim, kind="carton_photo", due=due, at=factories.NOW, actor=factories.QUALITY)


def every_route(secret: str, packet: Packet, question: Question) -> list[tuple[str, str, dict[str, Any]]]:
    """(method, address, form) of every address of the room; the test below sees that none is missing."""
    files_of = [entry["name"] for entry in packet.manifest["files"]]
    return [
        ("get", reverse("supplier:room", args=[secret]), {}),
        ("get", reverse("supplier:packet", args=[secret]), {}),
        *(("get", reverse("supplier:file", args=[secret, name]), {}) for name in files_of),
        ("post", reverse("supplier:answer", args=[secret]), {}),
        ("post", reverse("supplier:evidence", args=[secret]), {}),
        ("post", reverse("supplier:question", args=[secret, question.pk]), {"answer": ""}),
    ]


def said(response: HttpResponseBase) -> str:
    """All that a visitor gets: headers, and the body with everything that is packed in it."""
    body: bytes = response.content  # type: ignore[attr-defined]  # no address here streams
    parts = [repr(dict(response.items())), body.decode("latin-1")]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts += [*archive.namelist(), *(archive.read(name).decode("latin-1") for name in archive.namelist())]
    return "\n".join(parts).lower()


def test_no_route_is_missing_here(room: tuple[Claim, Packet, str]) -> None:
    claim, packet, secret = room
    known = {name.removeprefix("supplier:") for name in ("room", "packet", "file", "answer", "evidence", "question")}
    assert {pattern.name for pattern in urls.urlpatterns} == known
    asked = {get_resolver().resolve(address).url_name for _, address, _ in every_route(secret, packet, ask(claim))}
    assert asked == known


def test_no_customer_and_no_original_comes_out_of_any_route(room: tuple[Claim, Packet, str]) -> None:
    claim, packet, secret = room
    stored = list(StoredFile.objects.select_related("key").filter(retention="original"))
    originals = [files.read(file).decode("latin-1").lower() for file in stored]
    assert originals
    for method, address, form in every_route(secret, packet, ask(claim)):
        response = getattr(Client(), method)(address, form)
        assert response.status_code == (200 if method == "get" else 422), address
        told = said(response)
        for kind, planted in CANARIES.items():
            assert planted.lower() not in told, f"{kind} at {address}"
        assert not [each for each in originals if each in told], address
        for file in stored:
            assert str(file.pk) not in told and file.sha256 not in told, address


def test_every_answer_is_closed_to_caches_robots_and_scripts(room: tuple[Claim, Packet, str]) -> None:
    claim, packet, secret = room
    for method, address, form in every_route(secret, packet, ask(claim)):
        response = getattr(Client(), method)(address, form)
        assert "no-store" in response["Cache-Control"], address
        assert response["X-Robots-Tag"] == "noindex", address
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy and "object-src 'none'" in policy and "base-uri 'none'" in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] in ("same-origin", "no-referrer")


def test_another_link_leads_nowhere_from_any_route(room: tuple[Claim, Packet, str]) -> None:
    claim, packet, _ = room
    question = ask(claim)
    other, _, foreign = factories.sent()
    claims.revoke_link(packet=other.packets.get(), at=timezone.now(), actor=factories.buyer())
    for wrong in ("x" * 43, foreign):
        for method, address, form in every_route(wrong, packet, question):
            response = getattr(Client(), method)(address, form)
            assert response.status_code == 404, address
            assert "There is nothing here for you" in response.content.decode()
            assert claim.number not in response.content.decode()


def test_an_ended_link_says_whom_to_ask(room: tuple[Claim, Packet, str], monkeypatch: pytest.MonkeyPatch) -> None:
    claim, packet, secret = room
    question = ask(claim)
    later = timezone.now() + datetime.timedelta(days=400)
    monkeypatch.setattr("recoup.web.supplier.views.timezone.now", lambda: later)
    for method, address, form in every_route(secret, packet, question):
        response = getattr(Client(), method)(address, form)
        assert response.status_code == 410, address
        assert claim.number not in response.content.decode()


def test_a_link_opens_its_own_room_only(room: tuple[Claim, Packet, str]) -> None:
    _, packet, secret = room
    other, other_packet, _ = factories.sent()
    theirs = next(entry["name"] for entry in other_packet.manifest["files"] if entry["kind"] == "photo")
    if theirs not in {entry["name"] for entry in packet.manifest["files"]}:
        assert Client().get(reverse("supplier:file", args=[secret, theirs])).status_code == 404
    question = ask(other)
    response = Client().post(reverse("supplier:question", args=[secret, question.pk]), {"answer": "Hello"})
    line = factories.lines(other)[0]
    Client().post(reverse("supplier:answer", args=[secret]), {f"verdict-{line.pk}": "accept"})
    question.refresh_from_db()
    assert (response.status_code, question.answer, Answer.objects.count()) == (404, "", 0)


def test_only_files_of_the_packet_are_given(room: tuple[Claim, Packet, str], subtests: pytest.Subtests) -> None:
    for name in ("manifest.json", "..%2f..%2fetc%2fpasswd", "Photo-001.jpg"):
        with subtests.test(msg=name):
            assert Client().get(f"/supplier/{room[2]}/files/{name}").status_code == 404


def test_the_letter_says_who_what_how_many_how_much_and_by_when(room: tuple[Claim, Packet, str]) -> None:
    claim, packet, secret = room
    page = Client().get(reverse("supplier:room", args=[secret])).content.decode()
    for words in (
        claim.number,
        claim.purchase_order.number,
        "24-117",
        "17.00 USD",
        "8.50 USD",
        claim.supplier.name,
        packet.sha256,
    ):
        assert words in page
    assert f"{factories.fresh(claim).reply_by_date:%-d %B %Y}" in page
    assert page.count('type="radio"') == 8
    assert "<script" not in page and 'rel="stylesheet"' in page
    down = Client().get(reverse("supplier:packet", args=[secret]))
    assert down["Content-Disposition"] == f'attachment; filename="{packet.file_name}"'
    assert factories.fresh(claim).state == "acknowledged"


def answers(claim: Claim, *verdicts: str, **more: str) -> dict[str, str]:
    lines = factories.lines(claim)
    given = {f"verdict-{line.pk}": verdict for line, verdict in zip(lines, verdicts, strict=False)}
    return given | {
        f"{name.partition('_')[0]}-{lines[int(name.partition('_')[2])].pk}": text for name, text in more.items()
    }


def test_one_answer_per_line(room: tuple[Claim, Packet, str]) -> None:
    claim, _, secret = room
    form = answers(claim, "accept", "partial", amount_1="4.00", reason_1="Half of it was ours.")
    client = Client()
    went = client.post(reverse("supplier:answer", args=[secret]), form)
    assert went.status_code == 302
    page = client.get(went["Location"]).content.decode()
    assert "2 answers received" in page and "12.50 USD" in page and "Half of it was ours." in page
    assert factories.fresh(claim).state == "partly_accepted"


REFUSED: list[tuple[tuple[str, ...], dict[str, str], str]] = [
    ((), {}, "Choose an answer for at least one line"),
    (("accept", "partial"), {"amount_1": "99", "reason_1": "kept words"}, "is more than the"),
    (("accept", "partial"), {"amount_1": "four", "reason_1": "kept words"}, "is not an amount"),
    (("accept", "partial"), {"amount_1": "0", "reason_1": "kept words"}, "above zero"),
    (("accept", "dispute"), {"reason_1": "  "}, "please say why"),
    (("accept", "nonsense"), {"reason_1": "kept words"}, "accept, partial, dispute or question"),
]


def test_a_refused_answer_takes_nothing_and_keeps_what_was_typed(
    room: tuple[Claim, Packet, str], subtests: pytest.Subtests
) -> None:
    claim, _, secret = room
    for verdicts, more, words in REFUSED:
        with subtests.test(msg=words):
            response = Client().post(reverse("supplier:answer", args=[secret]), answers(claim, *verdicts, **more))
            page = response.content.decode()
            assert response.status_code == 422
            assert words in page
            assert not Answer.objects.exists()
            assert sum(line.accepted_minor for line in factories.lines(claim)) == 0
            if verdicts:
                assert 'value="accept" checked' in page
            if "amount_1" in more:
                assert f'value="{more["amount_1"]}"' in page and "kept words" in page


def test_our_question_is_answered_once(room: tuple[Claim, Packet, str]) -> None:
    claim, _, secret = room
    question = ask(claim)
    address = reverse("supplier:question", args=[secret, question.pk])
    assert Client().post(address, {"answer": "  "}).status_code == 422
    before = Client().get(reverse("supplier:room", args=[secret])).content.decode()
    assert question.kind not in before and "carton label" in before
    question.refresh_from_db()
    assert question.answer == ""
    assert Client().post(address, {"answer": "The photo is in our mail of today."}).status_code == 302
    assert Client().post(address, {"answer": "Another one."}).status_code == 409
    question.refresh_from_db()
    assert question.answer == "The photo is in our mail of today."


def test_their_question_and_our_answer_stand_at_its_line_under_every_link(room: tuple[Claim, Packet, str]) -> None:
    claim, packet, secret = room
    form = answers(claim, "question", reason_0="Which carton was it from?")
    assert Client().post(reverse("supplier:answer", args=[secret]), form).status_code == 302
    assert "has not answered yet" in Client().get(reverse("supplier:room", args=[secret])).content.decode()
    asked = Question.objects.get(asked_by="supplier")
    claims.answer_question(question=asked, answer="Carton 12 of SB-1", at=timezone.now(), actor=factories.buyer())
    letter = Notice.objects.get(template="claims.question_answered")
    assert letter.to == claim.supplier.email and "your question is answered" in letter.subject_line
    assert "carton" not in letter.body_text.lower() and asked.body not in letter.body_text
    assert len(live_links(purpose="supplier", subject_id=packet.pk, now=timezone.now())) == 2
    first = Client().get(reverse("supplier:room", args=[secret])).content.decode()
    fresh = claims.new_link(packet=packet, at=timezone.now(), actor=factories.buyer())
    for page in (first, Client().get(reverse("supplier:room", args=[fresh])).content.decode()):
        line = page.partition(f"case {factories.lines(claim)[0].return_line.return_case.number}")[2]
        assert line.index("Which carton was it from?") < line.index("Carton 12 of SB-1") < line.index("<fieldset")
        assert "You asked," in line and "answered," in line


def test_the_room_says_what_they_answered_and_writes_every_date_out(room: tuple[Claim, Packet, str]) -> None:
    claim, _, secret = room
    form = answers(claim, "partial", "dispute", amount_0="4.00", reason_0="Half of it.", reason_1="A fall.")
    assert Client().post(reverse("supplier:answer", args=[secret]), form).status_code == 302
    page = Client().get(reverse("supplier:room", args=[secret])).content.decode()
    assert "You accepted this line in part," in page and "You dispute this line," in page and "Half of it." in page
    assert "You answered" not in page and not re.search(r"[^-\w]\d{4}-\d\d-\d\d[^-\w]", page.partition("<main>")[2])


def test_a_closed_door_is_not_opened_by_an_answer(room: tuple[Claim, Packet, str]) -> None:
    claim, packet, secret = room
    Client().post(reverse("supplier:answer", args=[secret]), answers(claim, "question", reason_0="Which carton?"))
    claims.revoke_link(packet=packet, at=timezone.now(), actor=factories.buyer())
    asked = Question.objects.get(asked_by="supplier")
    claims.answer_question(question=asked, answer="Carton 12", at=timezone.now(), actor=factories.buyer())
    assert not live_links(purpose="supplier", subject_id=packet.pk, now=timezone.now())
    assert "Ask us for a new one" in Notice.objects.get(template="claims.question_answered").body_text


NO_FILES: dict[str, tuple[tuple[str, bytes] | None, int]] = {
    "none": (None, 422),
    "exe": (("a.exe", b"MZ"), 415),
    "empty": (("a.pdf", b""), 415),
    "svg": (("a.svg", b"<svg/>"), 415),
    "large": (("big.pdf", b"%PDF-" + b"0" * (10 * 2**20)), 413),
}


def test_a_file_that_is_none_is_not_kept(room: tuple[Claim, Packet, str], subtests: pytest.Subtests) -> None:
    _, _, secret = room
    for name, (file, status) in NO_FILES.items():
        with subtests.test(msg=name):
            form = {"why": "Our report."} | ({"file": SimpleUploadedFile(*file)} if file else {})
            response = Client().post(reverse("supplier:evidence", args=[secret]), form)
            assert response.status_code == status
            assert "Our report." in response.content.decode()
            assert not DocumentVersion.objects.filter(source="supplier").exists()


def test_a_document_of_theirs_is_kept_as_it_came(room: tuple[Claim, Packet, str]) -> None:
    _, _, secret = room
    report = b"%PDF-1.7 our inspection"
    form = {"why": "Our inspection.", "file": SimpleUploadedFile("report.pdf", report)}
    assert Client().post(reverse("supplier:evidence", args=[secret]), form).status_code == 302
    version = DocumentVersion.objects.select_related("file__key").get(source="supplier")
    assert version.file is not None and files.read(version.file) == report
    assert (version.why, version.document.kind) == ("Our inspection.", "supplier_response")


def test_a_settled_claim_takes_no_more_answers(room: tuple[Claim, Packet, str]) -> None:
    claim, _, secret = room
    visit = claims.enter_room(secret=secret, now=timezone.now())
    given = [LineAnswer(line.pk, "accept") for line in factories.lines(claim)]
    claims.answer(claim=factories.fresh(claim), answers=given, at=factories.NOW, actor=visit.actor)
    factories.recorded(factories.fresh(claim), 1700)
    page = Client().get(reverse("supplier:room", args=[secret])).content.decode()
    assert "This claim is settled" in page and 'type="radio"' not in page
    response = Client().post(reverse("supplier:answer", args=[secret]), answers(claim, "dispute", reason_0="No."))
    assert response.status_code == 409
    assert not Answer.objects.filter(verdict="dispute").exists()


def test_forms_carry_their_token(room: tuple[Claim, Packet, str]) -> None:
    claim, _, secret = room
    response = Client(enforce_csrf_checks=True).post(
        reverse("supplier:answer", args=[secret]), answers(claim, "accept")
    )
    assert (response.status_code, Answer.objects.count()) == (403, 0)


def test_every_visit_is_counted_for_the_buyer(room: tuple[Claim, Packet, str]) -> None:
    claim, _, secret = room
    for name in ("room", "packet", "room"):
        Client().get(reverse(f"supplier:{name}", args=[secret]))
    shown = queries.claim_page(SYSTEM, claim.number).packets[0]
    assert shown.link_uses == 3
    assert any("downloaded the packet" in visit.sentence for visit in shown.visits)


def test_a_question_of_nobody_leads_nowhere(room: tuple[Claim, Packet, str]) -> None:
    address = reverse("supplier:question", args=[room[2], ids.new()])
    assert Client().post(address, {"answer": "x"}).status_code == 404
