"""The claims list and the claim file: who reads it, what each tab says, what each key does, and that a no changes nothing."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from recoup.domain.claims import actions as claims
from recoup.domain.claims.models import Answer, Approval, Claim, DocumentVersion, Question
from recoup.domain.claims.pages import TABS
from recoup.domain.claims.tests import factories
from recoup.domain.claims.tests.conftest import own_store  # noqa: F401  # a fixture for every test here
from recoup.kit import ids
from recoup.kit.actor import SYSTEM
from recoup.web.desk.tests.claim_pages import post, signed_in, tab
from recoup.web.desk.tests.company import ROLES

READERS = {"agent", "warehouse", "quality", "buyer", "finance"}
SOMETHING = str(ids.new())
#: (address, what comes after the claim's number, roles that may)
POSTS = [
    ("claim_decide", (), {"buyer", "quality"}),
    ("claim_ready", (), {"buyer", "quality"}),
    ("claim_back", (), {"buyer", "quality"}),
    ("claim_line_keep", (SOMETHING,), {"buyer", "quality"}),
    ("claim_line_out", (SOMETHING,), {"buyer", "quality"}),
    ("claim_drop", (), {"buyer"}),
    ("claim_approve", (), {"buyer"}),
    ("claim_refuse", (), {"buyer"}),
    ("claim_enter", ("claim_summary",), {"buyer", "quality"}),
    ("claim_upload", ("claim_summary",), {"buyer", "quality"}),
    ("claim_link", (SOMETHING,), {"buyer"}),
    ("claim_revoke", (SOMETHING,), {"buyer"}),
    ("claim_ask", (), {"buyer", "quality"}),
    ("claim_question", (SOMETHING,), {"buyer", "quality"}),
    ("claim_answer", (), {"buyer"}),
    ("claim_record", (), {"buyer", "finance"}),
    ("claim_match", (SOMETHING,), {"buyer", "finance"}),
    ("claim_write_off", (), {"buyer", "finance"}),
    ("claim_closeout", (), {"buyer"}),
    ("claim_close", (), {"buyer"}),
    ("claim_reopen", (), {"buyer"}),
    ("claim_settle", (), {"buyer"}),
]


@pytest.mark.django_db
def test_the_rooms_open_for_their_roles() -> None:
    claim = factories.gathered()
    for role in ROLES:
        client, _ = signed_in(role)
        expected = 200 if role in READERS | {"admin"} else 403
        assert client.get(reverse("desk:claims")).status_code == expected, role
        assert client.get(reverse("desk:claim", args=[claim.number])).status_code == expected, role
    anonymous = Client().get(reverse("desk:claim", args=[claim.number]))
    assert anonymous.status_code == 302
    assert anonymous["Location"].startswith("/accounts/login/")


def standing(claim: Claim) -> tuple[object, ...]:
    claim = factories.fresh(claim)
    return claim.state, claim.decision_why, DocumentVersion.objects.count(), Approval.objects.count()


@pytest.mark.django_db
def test_a_change_is_refused_to_other_roles(subtests: pytest.Subtests) -> None:
    claim = factories.ready()
    clients = {role: signed_in(role)[0] for role in ROLES}
    before = standing(claim)
    for name, more, allowed in POSTS:
        with subtests.test(msg=name):
            for role in set(ROLES) - allowed - {"admin"}:
                response = post(clients[role], name, claim, *more)
                assert response.status_code == 403, role
                assert "Your role does not allow this" in response.content.decode()
            assert clients["admin"].get(reverse(f"desk:{name}", args=[claim.number, *more])).status_code == 405
            assert standing(claim) == before


@pytest.mark.django_db
def test_the_list_shows_where_each_claim_stands() -> None:
    claim = factories.answered("accept")
    client, _ = signed_in("buyer")
    page = client.get(reverse("desk:claims")).content.decode()
    for words in (
        claim.number,
        claim.supplier.name,
        claim.purchase_order.number,
        "24-117",
        "17.00 USD",
        "accepted, credit to come",
    ):
        assert words in page
    assert claim.number not in client.get(reverse("desk:claims"), {"show": "closed"}).content.decode()
    assert claim.number in client.get(reverse("desk:claims"), {"q": claim.purchase_order.number}).content.decode()
    assert "No claim has" in client.get(reverse("desk:claims"), {"q": "nothing like it"}).content.decode()


@pytest.mark.django_db
def test_an_empty_list_teaches() -> None:
    page = signed_in("buyer")[0].get(reverse("desk:claims")).content.decode()
    assert "No claim yet" in page
    assert "bring in products, suppliers and purchase orders" in page


@pytest.mark.django_db
@pytest.mark.parametrize("stage", ["gathered", "ready", "approved", "answered"])
def test_every_tab_opens_at_every_stage(stage: str) -> None:
    claim = getattr(factories, stage)()
    for role in ("buyer", "finance", "agent"):
        client, _ = signed_in(role)
        for code, words in TABS.items():
            page = tab(client, claim, code)
            assert words.replace("&", "&amp;") in page
            assert "strong enough and safe enough" in page


@pytest.mark.django_db
def test_the_file_takes_as_many_queries_however_many_lines() -> None:
    client, _ = signed_in("buyer")
    counted = []
    for claim in (factories.ready(lines=1), factories.ready(lines=4)):
        with CaptureQueriesContext(connection) as asked:
            tab(client, claim, "evidence")
        counted.append(len(asked))
    assert counted[0] == counted[1] < 55


@pytest.mark.django_db
def test_another_number_leads_nowhere() -> None:
    response = signed_in("buyer")[0].get(reverse("desk:claim", args=["C-2025-99999"]))
    assert response.status_code == 404


@pytest.mark.django_db
def test_the_decision_needs_a_reason_and_is_kept() -> None:
    claim = factories.gathered()
    client, _ = signed_in("quality")
    refused = post(client, "claim_decide", claim, answer="yes", why="  ")
    assert (refused.status_code, factories.fresh(claim).decision_answer) == (422, "")
    assert post(client, "claim_decide", claim, answer="yes", why="The same crack on all.").status_code == 302
    assert factories.fresh(claim).decision_answer == "yes"
    assert "The same crack on all." in tab(client, claim, "what_happened")


@pytest.mark.django_db
def test_a_claim_with_something_missing_does_not_go_to_a_buyer() -> None:
    claim = factories.redacted(factories.gathered())
    client, _ = signed_in("quality")
    post(client, "claim_decide", claim, answer="yes", why="Clear.")
    refused = post(client, "claim_ready", claim)
    assert (refused.status_code, factories.fresh(claim).state) == (409, "redaction_pending")
    assert "not signed off" in refused.content.decode()
    assert "not signed off" in tab(client, claim, "evidence")


@pytest.mark.django_db
def test_what_is_missing_nothing_goes_to_a_buyer() -> None:
    claim = factories.signed(factories.redacted(factories.gathered()))
    client, _ = signed_in("quality")
    post(client, "claim_decide", claim, answer="yes", why="Clear.")
    assert "Hand it to a buyer" in tab(client, claim, "evidence")
    assert post(client, "claim_ready", claim).status_code == 302
    assert factories.fresh(claim).state == "ready"
    post(client, "claim_back", claim, why="One more return is coming.")
    assert factories.fresh(claim).state == "drafting"


def boundary(claim: Claim, **other: str) -> dict[str, str]:
    until = timezone.now().date() + datetime.timedelta(days=14)
    made = factories.boundary(claim)
    return {
        "step": "send_packet", "kind": "exception", "purchase_order": made.purchase_order,
        "document_version": str(made.document_version), "amount": made.amount.decimal(), "expires": until.isoformat(),
    } | other  # fmt: skip


NOT_HOLDING = [
    ({"amount": "1.00"}, "more than the boundary"),
    ({"amount": "seventeen"}, "is not an amount"),
    ({"document_version": "99"}, "Read it, then approve that version"),
    ({"expires": "2020-01-01"}, "ended before it began"),
    ({"expires": "soon"}, "is not a day"),
    ({"step": "anything"}, "Choose a step"),
    ({"purchase_order": "PO-1"}, "This claim is about"),
]


@pytest.mark.django_db
def test_a_boundary_that_does_not_hold_approves_nothing(subtests: pytest.Subtests) -> None:
    claim = factories.ready()
    for other, words in NOT_HOLDING:
        with subtests.test(msg=words):
            response = post(signed_in("buyer")[0], "claim_approve", claim, **boundary(claim, **other))
            assert response.status_code == 422
            assert words in response.content.decode()
            assert factories.fresh(claim).state == "ready"
            assert not Approval.objects.exists()


@pytest.mark.django_db
def test_a_yes_within_its_boundary() -> None:
    claim = factories.ready()
    client, _ = signed_in("buyer")
    page = tab(client, claim, "approval")
    assert claim.purchase_order.number in page and "Approve 17.00 USD" in page
    response = post(
        client,
        "claim_approve",
        claim,
        **boundary(claim, evidence_due="The carton photo", evidence_due_date="2099-01-01"),
    )
    assert response.status_code == 302
    assert factories.fresh(claim).state == "approved"
    shown = tab(client, claim, "approval")
    assert "The carton photo" in shown and "for this shipment only" in shown
    assert "The packet is being built" in shown


@pytest.mark.django_db
def test_a_refusal_keeps_its_reason_and_htmx_hears_a_no_in_place() -> None:
    claim = factories.ready()
    client, _ = signed_in("buyer")
    no = client.post(reverse("desk:claim_refuse", args=[claim.number]), {"reason": ""}, headers={"HX-Request": "true"})
    assert (no.status_code, no["HX-Retarget"]) == (422, "#refusal")
    assert factories.fresh(claim).state == "ready"
    post(client, "claim_refuse", claim, reason="The close-ups do not show the crack.")
    assert factories.fresh(claim).state == "drafting"
    assert "The close-ups do not show the crack." in tab(client, claim, "approval")


@pytest.mark.django_db
def test_a_line_is_taken_out_and_then_nothing_is_claimed() -> None:
    claim = factories.signed(factories.redacted(factories.gathered()))
    line = factories.lines(claim)[0]
    client, _ = signed_in("buyer")
    assert tab(client, claim, "what_happened").count(">Take this line out</summary>") == 2
    assert post(client, "claim_line_out", claim, line.pk, why=" ").status_code == 422
    assert len(factories.lines(claim)) == 2
    assert post(client, "claim_line_out", claim, line.pk, why="It was a brick.").status_code == 302
    shown = tab(client, claim, "what_happened")
    assert "It was a brick." in shown and "Take this line out" not in shown and "Do not claim 8.50 USD" in shown
    assert post(client, "claim_drop", claim, why="Our own mistake.").status_code == 302
    shown = tab(client, claim, "recovery")
    assert "not claimed" in shown and "the claim ended before it was sent" in shown
    assert "Open it again" not in shown and "Close the file" not in shown
    listed = client.get(reverse("desk:claims")).content.decode()
    assert "It was a brick." in listed and listed.count("Gather it again") == 2


@pytest.mark.django_db
def test_the_page_names_what_really_stops_the_claim() -> None:
    claim = factories.signed(
        factories.redacted(factories.gathered(factories.Source(claim_rules={"minimum_quantity": 5})))
    )
    client, _ = signed_in("quality")
    assert "takes claims from 5 units on" in tab(client, claim, "what_happened")
    post(client, "claim_decide", claim, answer="yes", why="Clear.")
    shown = tab(client, claim, "what_happened")
    assert "takes claims from 5 units on" in shown and "have to be signed off" not in shown


@pytest.mark.django_db
def test_the_page_moves_on_when_the_work_in_the_background_is_done() -> None:
    claim = factories.approved()
    client, _ = signed_in("buyer")
    address = reverse("desk:claim_watch", args=[claim.number])
    assert "HX-Refresh" not in client.get(address, {"was": "approved-0"}).headers
    packet = claims.build_packet(claim=claim, actor=SYSTEM)
    claims.send(packet=packet, at=factories.NOW, actor=SYSTEM)
    assert client.get(address, {"was": "approved-0"}).headers["HX-Refresh"] == "true"


@pytest.mark.django_db
def test_a_document_s_current_version_stands_beside_the_prior_one() -> None:
    claim = factories.ready()
    client, _ = signed_in("buyer")
    refused = post(client, "claim_enter", claim, "shipment_batch", label="24-118", why="")
    assert refused.status_code == 422
    assert not DocumentVersion.objects.filter(source="entered").exists()
    post(client, "claim_enter", claim, "shipment_batch", label="24-118", why="The carton says so.")
    page = tab(client, claim, "documents", document="shipment_batch")
    for words in (
        "24-117",
        "24-118",
        "decides the claim",
        "The carton says so.",
        "Before: version 1",
        "Now: version 2",
    ):
        assert words in page


@pytest.mark.django_db
def test_a_file_becomes_a_version_and_comes_back_as_it_was() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    claim = factories.ready()
    client, _ = signed_in("buyer")
    assert post(client, "claim_upload", claim, "purchase_order", why="Scan").status_code == 422
    bad = post(client, "claim_upload", claim, "purchase_order", why="Scan", file=SimpleUploadedFile("po.exe", b"MZ"))
    assert bad.status_code == 415
    assert not DocumentVersion.objects.filter(source="uploaded").exists()
    good = SimpleUploadedFile("po.pdf", b"%PDF-1.7 the order")
    assert post(client, "claim_upload", claim, "purchase_order", why="Scan", file=good).status_code == 302
    version = DocumentVersion.objects.get(source="uploaded")
    response = client.get(reverse("desk:claim_document", args=[claim.number, version.file_id]))
    assert response.content == b"%PDF-1.7 the order"
    assert response["Content-Disposition"].startswith("attachment;")
    other = factories.gathered()
    assert client.get(reverse("desk:claim_document", args=[other.number, version.file_id])).status_code == 404


@pytest.mark.django_db
def test_the_packet_comes_down_as_it_was_sent_and_its_link_is_shown_once(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.today(monkeypatch)  # the link is opened by the real clock
    claim, packet, secret = factories.sent()
    client, _ = signed_in("buyer")
    down = client.get(reverse("desk:packet", args=[claim.number, packet.pk]))
    assert down.content[:2] == b"PK" and packet.file_name in down["Content-Disposition"]
    made = post(client, "claim_link", claim, packet.pk)
    assert made.status_code == 200 and "/supplier/" in made.content.decode()
    assert "/supplier/" not in tab(client, claim, "supplier")
    assert Client().get(f"/supplier/{secret}/").status_code == 404
    fresh = made.content.decode().split("/supplier/")[1].split("/")[0]
    assert Client().get(f"/supplier/{fresh}/").status_code == 200
    post(client, "claim_revoke", claim, packet.pk)
    assert Client().get(f"/supplier/{fresh}/").status_code == 404


@pytest.mark.django_db
def test_one_specific_question_is_asked_and_answered() -> None:
    claim, _, _ = factories.visiting()
    client, _ = signed_in("buyer")
    due = (timezone.now().date() + datetime.timedelta(days=7)).isoformat()
    assert post(client, "claim_ask", claim, kind="anything_at_all", due=due).status_code == 422
    assert not Question.objects.exists()
    post(client, "claim_ask", claim, kind="carton_photo", due=due)
    question = Question.objects.get()
    assert "carton label" in tab(client, claim, "supplier")
    assert post(client, "claim_question", claim, question.pk, answer=" ").status_code == 422
    post(client, "claim_question", claim, question.pk, answer="They sent it by mail.")
    assert "They sent it by mail." in tab(client, claim, "supplier")
    other = factories.gathered()
    assert post(client, "claim_question", other, question.pk, answer="x").status_code == 404


@pytest.mark.django_db
def test_a_buyer_writes_down_what_came_another_way() -> None:
    claim, _, _ = factories.sent()
    client, _ = signed_in("buyer")
    first, second = factories.lines(claim)
    assert post(client, "claim_answer", claim).status_code == 422
    wrong = {f"verdict-{first.pk}": "accept", f"verdict-{second.pk}": "partial", f"amount-{second.pk}": "99"}
    assert post(client, "claim_answer", claim, **wrong).status_code == 422
    assert not Answer.objects.exists()
    right = wrong | {f"amount-{second.pk}": "4.00", f"reason-{second.pk}": "By telephone: half."}
    assert post(client, "claim_answer", claim, **right).status_code == 302
    page = tab(client, claim, "supplier")
    assert "By telephone: half." in page and "12.50 USD" in page
    assert "2 of 2 lines answered" in page


@pytest.mark.django_db
def test_a_return_whose_supplier_is_known_by_now_is_gathered() -> None:
    source = factories.Source()
    line = source.approved()
    client, _ = signed_in("buyer")
    assert "Gather it" in client.get(reverse("desk:claims")).content.decode()
    response = client.post(reverse("desk:claim_gather", args=[line.pk]))
    assert response["Location"] == reverse("desk:claim", args=[Claim.objects.get().number])
    assert client.post(reverse("desk:claim_gather", args=[SOMETHING])).status_code == 404
    assert signed_in("agent")[0].post(reverse("desk:claim_gather", args=[line.pk])).status_code == 403
