"""The decision sentence, readiness, a buyer's yes within a boundary, a kept no, and what expires."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import transaction

from recoup.domain.claims import actions as claims
from recoup.domain.claims.actions.deciding import BoundaryWrong, NotDecided, NotEnough, UnknownDecision
from recoup.domain.claims.actions.documents import DocumentRefused, ReasonMissing, UnknownDocument
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.models import Approval, Claim, DocumentVersion
from recoup.domain.claims.tests import factories
from recoup.domain.claims.tests.racing import race
from recoup.foundation.audit.queries import trail
from recoup.foundation.facts.models import Fact
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import NotAllowed, NotFound, Refusal


def state(claim: Claim) -> str:
    return factories.fresh(claim).state


@pytest.mark.django_db
class TestDeciding:
    def test_the_sentence_is_answered_with_a_reason(self) -> None:
        claim = factories.gathered()
        claims.decide(claim=claim, answer="not_yet", why="The serial label is missing.", actor=factories.QUALITY)
        claim = factories.fresh(claim)
        assert (claim.decision_answer, claim.decision_why) == ("not_yet", "The serial label is missing.")

    ANYTHING_ELSE: list[tuple[str, str, Actor, type[Refusal]]] = [
        ("perhaps", "x", factories.QUALITY, UnknownDecision),
        ("yes", " ", factories.QUALITY, ReasonMissing),
        ("yes", "x", factories.WAREHOUSE, NotAllowed),
    ]

    def test_anything_else_is_refused(self, subtests: pytest.Subtests) -> None:
        claim = factories.gathered()
        for answer, why, actor, refusal in self.ANYTHING_ELSE:
            with subtests.test(msg=refusal.__name__):
                with pytest.raises(refusal), transaction.atomic():
                    claims.decide(claim=factories.fresh(claim), answer=answer, why=why, actor=actor)
                assert factories.fresh(claim).decision_answer == ""

    def test_not_yet_takes_a_ready_claim_back(self) -> None:
        claim = factories.ready()
        claims.decide(claim=claim, answer="not_yet", why="One photo shows another model.", actor=factories.QUALITY)
        assert state(claim) == "drafting"

    def test_a_sent_claim_is_decided_no_more(self) -> None:
        claim, _, _ = factories.sent()
        with pytest.raises(IllegalMove), transaction.atomic():
            claims.decide(claim=claim, answer="not_yet", why="x", actor=factories.QUALITY)
        assert factories.fresh(claim).decision_answer == "yes"


@pytest.mark.django_db
class TestReadiness:
    def test_without_a_yes_nothing_is_ready(self) -> None:
        claim = factories.signed(factories.redacted(factories.gathered()))
        with pytest.raises(NotDecided), transaction.atomic():
            claims.make_ready(claim=claim, at=factories.NOW, actor=factories.QUALITY)
        assert state(claim) == "redaction_pending"

    def test_unsigned_photos_are_named(self) -> None:
        claim = factories.redacted(factories.gathered())
        claims.decide(claim=claim, answer="yes", why="x", actor=factories.QUALITY)
        with pytest.raises(NotEnough, match="not signed off"), transaction.atomic():
            claims.make_ready(claim=claim, at=factories.NOW, actor=factories.QUALITY)
        assert state(claim) == "redaction_pending"

    def test_the_suppliers_own_rules_count(self) -> None:
        source = factories.Source(claim_rules={"required_shots": ["serial_label"], "minimum_quantity": 5})
        claim = factories.signed(factories.redacted(factories.gathered(source)))
        codes = [each.code for each in read_file(claim).missing(today=factories.NOW.date())]
        assert codes == ["below_quantity", "shot_missing", "shot_missing"]

    def test_a_photo_of_another_claim_is_not_signed_here(self) -> None:
        claim, other = factories.redacted(factories.gathered()), factories.redacted(factories.gathered())
        copy = read_file(other).photos[0].copy
        assert copy is not None
        with pytest.raises(NotFound), transaction.atomic():
            claims.sign_off(claim=claim, copy=copy, sha256=copy.sha256, at=factories.NOW, actor=factories.QUALITY)
        copy.refresh_from_db()
        assert copy.state == "proposed"

    def test_a_late_job_never_undoes_a_signature(self) -> None:
        claim = factories.signed(factories.redacted(factories.gathered()))
        factories.redacted(claim)
        assert {photo.copy_state for photo in read_file(claim).photos} == {"signed"}


@pytest.mark.django_db
class TestApproving:
    def test_a_yes_is_kept_with_its_boundary(self) -> None:
        claim = factories.ready()
        buyer = factories.buyer(limit=1700)
        due = datetime.date(2025, 6, 10)
        limits = factories.boundary(claim, kind="instruction", evidence_due="carton photo", evidence_due_date=due)
        approval = claims.approve(claim=claim, boundary=limits, at=factories.NOW, actor=buyer)
        assert state(claim) == "approved"
        assert approval.boundary["amount_minor"] == 1700 and approval.expires_at == factories.SOON
        assert Fact.objects.filter(name="ClaimApproved").count() == 1
        assert "carton photo" in trail(claim)[-1].sentence

    WRONG: list[tuple[dict[str, Any], int | None]] = [
        ({"purchase_order": "PO-other"}, None),
        ({"document_version": 99}, None),
        ({"amount": Money(1699, "USD")}, None),
        ({"amount": Money(1700, "EUR")}, None),
        ({"expires_at": factories.NOW}, None),
        ({}, 1699),
    ]

    def test_a_wrong_boundary_changes_nothing(self, subtests: pytest.Subtests) -> None:
        claim = factories.ready()
        for about, limit in self.WRONG:
            with subtests.test(msg=f"{about} within {limit}"):
                limits, actor = factories.boundary(claim, **about), factories.buyer(limit)
                with pytest.raises(BoundaryWrong), transaction.atomic():
                    claims.approve(claim=factories.fresh(claim), boundary=limits, at=factories.NOW, actor=actor)
                assert state(claim) == "ready" and not Approval.objects.exists()
                assert not Fact.objects.filter(name="ClaimApproved").exists()

    def test_only_a_buyer_and_only_what_is_ready(self) -> None:
        claim = factories.ready()
        with pytest.raises(NotAllowed), transaction.atomic():
            claims.approve(claim=claim, boundary=factories.boundary(claim), at=factories.NOW, actor=factories.QUALITY)
        claims.go_back(claim=claim, why="One more return is coming.", actor=factories.QUALITY)
        with pytest.raises(IllegalMove), transaction.atomic():
            claims.approve(claim=claim, boundary=factories.boundary(claim), at=factories.NOW, actor=factories.buyer())
        assert not Approval.objects.exists()

    def test_an_older_version_is_not_approved(self) -> None:
        claim = factories.ready()
        limits = factories.boundary(claim)
        actor = factories.buyer()
        claims.enter_version(claim=claim, kind="claim_summary", fields={"quantity": "1"}, why="recounted", actor=actor)
        with pytest.raises(BoundaryWrong, match="version 2"), transaction.atomic():
            claims.approve(claim=claim, boundary=limits, at=factories.NOW, actor=actor)
        assert state(claim) == "ready"

    def test_a_no_is_kept_with_its_reason(self) -> None:
        claim = factories.ready()
        claims.refuse(claim=claim, reason="The batch is not proven.", actor=factories.buyer())
        claim = factories.fresh(claim)
        assert (claim.state, claim.decision_answer) == ("drafting", "not_yet")
        assert Approval.objects.get().verdict == "refused"
        with pytest.raises(IllegalMove), transaction.atomic():
            claims.refuse(claim=claim, reason="again", actor=factories.buyer())
        assert Approval.objects.count() == 1

    def test_a_no_needs_a_reason(self) -> None:
        claim = factories.ready()
        with pytest.raises(ReasonMissing), transaction.atomic():
            claims.refuse(claim=claim, reason=" ", actor=factories.buyer())
        assert state(claim) == "ready" and not Approval.objects.exists()

    def test_an_ended_boundary_reopens_by_itself_and_visibly(self) -> None:
        claim = factories.approved()
        assert claims.expire_boundaries(now=factories.SOON - datetime.timedelta(seconds=1)) == 0
        assert claims.expire_boundaries(now=factories.SOON) == 1
        assert claims.expire_boundaries(now=factories.SOON) == 0
        assert state(claim) == "ready"
        assert trail(claim)[-1].verb == "claim.boundary_expired"

    def test_a_sent_claim_does_not_expire(self) -> None:
        claim, _, _ = factories.sent()
        assert claims.expire_boundaries(now=factories.SOON) == 0
        assert state(claim) == "sent"


@pytest.mark.django_db(transaction=True)
def test_of_two_buyers_one_decides() -> None:
    claim = factories.ready()
    limits, first, second = factories.boundary(claim), factories.buyer(), factories.buyer()
    results = race([
        lambda: claims.approve(claim=factories.fresh(claim), boundary=limits, at=factories.NOW, actor=first),
        lambda: claims.refuse(claim=factories.fresh(claim), reason="no", actor=second),
        lambda: claims.approve(claim=factories.fresh(claim), boundary=limits, at=factories.NOW, actor=second),
    ])  # fmt: skip
    assert sum(isinstance(each, Approval) for each in results) == 1
    assert sum(isinstance(each, Refusal) for each in results) == 2
    assert Approval.objects.count() == 1


@pytest.mark.django_db
class TestDocuments:
    def test_the_same_content_makes_no_new_version(self) -> None:
        claim = factories.redacted(factories.gathered())
        count = DocumentVersion.objects.count()
        assert claims.gather_documents(claim=claim, actor=factories.QUALITY) == []
        assert DocumentVersion.objects.count() == count == 8

    def test_a_changed_fact_makes_the_next_version_and_keeps_the_first(self) -> None:
        source = factories.Source()
        claim = factories.redacted(factories.gathered(source))
        source.shipment.reference = "SHIP-corrected"
        source.shipment.save()
        made = claims.gather_documents(claim=claim, actor=factories.QUALITY)
        assert {version.number for version in made} == {2}
        versions = DocumentVersion.objects.filter(document__claim=claim, document__kind="shipment_batch")
        assert [version.fields["shipment"] for version in versions] == [
            versions[0].fields["shipment"],
            "SHIP-corrected",
        ]
        assert versions[1].why == "changed: shipment"

    def test_a_persons_version_stands_until_the_facts_change(self) -> None:
        claim = factories.redacted(factories.gathered())
        claims.enter_version(
            claim=claim, kind="order_date", fields={"party": "Li"}, why="as on paper", actor=factories.QUALITY
        )
        claims.gather_documents(claim=claim, actor=factories.QUALITY)
        last = DocumentVersion.objects.filter(document__kind="order_date").last()
        assert last is not None and (last.number, last.source, last.fields["party"]) == (2, "entered", "Li")

    def test_files_become_versions_by_what_they_are(self) -> None:
        claim = factories.gathered()
        version = claims.upload_version(
            claim=claim, kind="purchase_order", data=b"%PDF-1.7 x", why="signed copy", actor=factories.QUALITY
        )
        assert (
            version.file is not None
            and version.file.media_type == "application/pdf"
            and version.sha256 == version.file.sha256
        )

    OTHER_FILES: list[tuple[str, bytes, str, type[Refusal]]] = [
        ("letter", b"%PDF-", "x", UnknownDocument),
        ("purchase_order", b"", "x", DocumentRefused),
        ("purchase_order", b"MZ program", "x", DocumentRefused),
        ("purchase_order", b"%PDF-" + bytes(20 * 1024 * 1024), "x", DocumentRefused),
        ("purchase_order", b"%PDF-", "", ReasonMissing),
    ]

    def test_other_files_are_refused(self, subtests: pytest.Subtests) -> None:
        claim = factories.gathered()
        for kind, data, why, refusal in self.OTHER_FILES:
            with subtests.test(msg=f"{refusal.__name__}: {data[:10]!r}"):
                with pytest.raises(refusal), transaction.atomic():
                    claims.upload_version(
                        claim=factories.fresh(claim), kind=kind, data=data, why=why, actor=factories.QUALITY
                    )
                assert not DocumentVersion.objects.exists()
