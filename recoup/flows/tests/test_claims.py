"""What follows from claims by itself: documents, redaction, packet, letters; each once."""

from __future__ import annotations

import datetime
import hashlib
import io
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from recoup.domain.claims import actions as claims
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.facts import (
    BoundaryExpired,
    ClaimApproved,
    ClaimExtended,
    ClaimOpened,
    PacketSent,
    RecoveryRecorded,
    SupplierAnswered,
)
from recoup.domain.claims.models import Claim, DocumentVersion, Packet
from recoup.domain.claims.redaction_tasks import redaction_tasks
from recoup.domain.claims.tests import factories
from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.actions import Redrawn
from recoup.domain.evidence.models import RedactedCopy
from recoup.domain.returns.tests.factories import agent
from recoup.flows import (
    boundary_expired,
    claim_approved,
    claim_gathered,
    packet_sent,
    recovery_recorded,
    supplier_answered,
)
from recoup.foundation.files import actions as files
from recoup.foundation.notices.models import Notice
from recoup.kit.actor import SYSTEM
from recoup.kit.refusal import TryAgain


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test keeps its files in a folder of its own, under a key of its own."""
    monkeypatch.setenv("RECOUP_KEY", "dGhlIGtleSBvZiB0aGlzIHRlc3QsIDMyIGJ5dGVzISE=")
    settings.RECOUP_VAR = tmp_path


def follow(flow: Any, fact: object) -> None:
    """As the runner does it: look first, then the effect."""
    flow(fact, *([flow.before(fact)] if flow.before else []))


@pytest.mark.django_db
class TestGathered:
    def test_documents_follow_once(self) -> None:
        claim = factories.gathered()
        for _ in range(2):
            follow(claim_gathered.gather_documents, ClaimOpened(claim_id=claim.pk))
        assert DocumentVersion.objects.filter(document__claim=claim).count() == 7

    def test_each_line_has_its_own_photos_redacted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        drawn: list[UUID] = []

        def draw(task: Any) -> Redrawn:
            drawn.append(task.photo.pk)
            return Redrawn(encoded=factories.jpeg(), rules_version="test")

        monkeypatch.setattr(claim_gathered, "redacted", draw)
        claim = factories.gathered(factories.Source(shots=factories.TWO_SHOTS))
        second = factories.lines(claim)[1]
        follow(claim_gathered.redact_photos, ClaimOpened(claim_id=claim.pk))
        assert len(drawn) == 2 and factories.fresh(claim).state == "redaction_pending"
        follow(claim_gathered.redact_photos, ClaimExtended(claim_id=claim.pk, line_id=second.pk))
        follow(claim_gathered.redact_photos, ClaimOpened(claim_id=claim.pk))
        assert len(drawn) == len(set(drawn)) == 4 == RedactedCopy.objects.count()

    @pytest.mark.slow
    def test_a_real_picture_goes_from_the_sealed_original_to_a_copy_to_sign(self) -> None:
        """Through the real decoder and the real finders; the name on the label is covered."""
        claim = factories.gathered(lines=1)
        photo = read_file(claim).photos[0]
        out = io.BytesIO()
        page = Image.new("RGB", (900, 500), (235, 235, 230))
        ImageDraw.Draw(page).text((60, 200), "Cora Customer", fill=(0, 0, 0), font_size=72)
        page.save(out, "JPEG", exif=Image.Exif())
        [task] = [task for task in redaction_tasks(claim.pk) if task.photo.pk == photo.photo_id]
        key = task.photo.session.key
        task.photo.file = files.store(
            data=out.getvalue(), key=key, purpose="photo", media_type="image/jpeg", retention="original"
        )
        made = claim_gathered.redacted(task)
        assert made is not None and made.covers and made.residue == []
        claims.lay_out_copies(claim=claim, made=[(photo.photo_id, made)], actor=SYSTEM)
        copy = read_file(claim).photos[0].copy
        assert copy is not None and copy.state == "proposed" and copy.sha256 == hashlib.sha256(made.encoded).hexdigest()


@pytest.mark.django_db
class TestApproved:
    def approved(self, until: datetime.timedelta) -> Claim:
        """The flow's clock is the real one, so the boundary is set by it too."""
        claim, now = factories.ready(), timezone.now()
        limits = factories.boundary(claim, expires_at=now + until)
        claims.approve(claim=claim, boundary=limits, at=now - datetime.timedelta(days=1), actor=factories.buyer())
        return claim

    def test_the_packet_is_built_and_leaves_once(self) -> None:
        claim = self.approved(datetime.timedelta(days=7))
        for _ in range(2):
            follow(claim_approved.build_packet_and_send, ClaimApproved(claim_id=claim.pk))
        assert factories.fresh(claim).state == "sent"
        assert Packet.objects.get().sent_at and Notice.objects.filter(audience="supplier").count() == 1

    def test_nothing_leaves_after_the_boundary(self) -> None:
        claim = self.approved(-datetime.timedelta(seconds=1))
        follow(claim_approved.build_packet_and_send, ClaimApproved(claim_id=claim.pk))
        assert factories.fresh(claim).state == "approved" and not Packet.objects.exists()
        assert claims.expire_boundaries(now=timezone.now()) == 1

    def test_what_changed_while_it_was_built_is_built_again(self) -> None:
        claim = self.approved(datetime.timedelta(days=7))
        fact = ClaimApproved(claim_id=claim.pk)
        built = claim_approved.assemble(fact)
        copy = read_file(claim).photos[0].copy
        assert copy is not None
        redrawn = Redrawn(encoded=factories.jpeg(3), rules_version="test")
        second = evidence.recover(copy=copy, redrawn=redrawn, actor=factories.QUALITY)
        claims.sign_off(claim=claim, copy=second, sha256=second.sha256, at=factories.NOW, actor=factories.QUALITY)
        with pytest.raises(TryAgain), transaction.atomic():
            claim_approved.build_packet_and_send(fact, built)
        assert not Packet.objects.exists()
        follow(claim_approved.build_packet_and_send, fact)
        assert second.sha256 in {entry["sha256"] for entry in Packet.objects.get().manifest["files"]}

    def test_a_claim_that_is_no_longer_approved_is_left_alone(self) -> None:
        claim = factories.ready()
        follow(claim_approved.build_packet_and_send, ClaimApproved(claim_id=claim.pk))
        assert not Packet.objects.exists() and factories.fresh(claim).state == "ready"


@pytest.mark.django_db
def test_colleagues_hear_of_it() -> None:
    factories.buyer()
    agent("finance", name="Finn")
    claim = factories.answered("accept")
    packet = Packet.objects.get()
    follow(packet_sent.tell_buyers_of_packet, PacketSent(packet_id=packet.pk))
    follow(supplier_answered.tell_buyers_of_answer, SupplierAnswered(claim_id=claim.pk))
    recovery = factories.recorded(claim, 850)
    follow(recovery_recorded.tell_finance, RecoveryRecorded(recovery_id=recovery.pk))
    follow(boundary_expired.tell_buyers_of_expiry, BoundaryExpired(claim_id=claim.pk))
    said = {
        notice.template: notice.body_text
        for notice in Notice.objects.exclude(audience="supplier").filter(subject_id=claim.pk)
    }
    assert set(said) == {
        "claims.packet_left", "claims.supplier_answered", "claims.recovery_recorded", "claims.boundary_expired",
    }  # fmt: skip
    assert "nothing was sent" in said["claims.boundary_expired"]
    assert "2 accept" in said["claims.supplier_answered"] and "17.00 USD" in said["claims.supplier_answered"]
    assert "8.50 USD" in said["claims.recovery_recorded"] and claim.number in said["claims.packet_left"]
