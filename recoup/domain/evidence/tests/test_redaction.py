"""The wall: only the very bytes that a person signed for can be read for a supplier."""

from __future__ import annotations

import ast
import hashlib
import threading
from pathlib import Path

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from recoup.domain.evidence import actions, invariants, redacted_queries
from recoup.domain.evidence.models import RedactedCopy
from recoup.domain.evidence.tests import factories
from recoup.foundation.audit import queries as audit
from recoup.foundation.facts.models import Fact
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.moves import IllegalMove, MovedMeanwhile
from recoup.kit.refusal import NotAllowed, NotFound, Refusal

RESIDUE = [{"kind": "text", "box": [1, 1, 9, 9], "text": "Jane", "why": "a second reader"}]


def sign(copy: RedactedCopy, actor: Actor = factories.BUYER, sha256: str = "") -> None:
    actions.sign(copy=copy, sha256=sha256 or copy.sha256, actor=actor, now=timezone.now())


@pytest.mark.django_db
class TestSigning:
    def test_a_signed_copy_can_leave_and_is_what_was_signed(self) -> None:
        copy = factories.proposed()
        assert redacted_queries.signed_copies([copy.photo_id]) == []
        sign(copy)
        [signed] = redacted_queries.all_signed([copy.photo_id])
        assert signed.sha256 == hashlib.sha256(b"a redacted jpeg").hexdigest()
        assert signed.signed_by == factories.BUYER.id
        assert redacted_queries.signed_bytes(signed.copy_id) == b"a redacted jpeg"
        assert Fact.objects.get(name="RedactionSigned").body["copy_id"] == str(copy.id)
        assert [line.verb for line in audit.trail(copy)] == ["redaction.proposed", "redaction.signed"]
        assert list(invariants.signed_copies_are_whole()) == []

    @pytest.mark.parametrize(
        ("actor", "sha256", "refusal"),
        [
            (factories.AGENT, "", NotAllowed),
            (factories.CUSTOMER, "", NotAllowed),
            (SYSTEM, "", actions.NotAPerson),
            (factories.BUYER, "0" * 64, actions.OtherBytes),
        ],
    )
    def test_nobody_else_and_nothing_else_is_signed(self, actor: Actor, sha256: str, refusal: type[Refusal]) -> None:
        copy = factories.proposed()
        with pytest.raises(refusal), transaction.atomic():
            sign(copy, actor, sha256)
        assert RedactedCopy.objects.get().state == "proposed" and not RedactedCopy.objects.get().signed_by
        with pytest.raises(redacted_queries.NotSigned):
            redacted_queries.all_signed([copy.photo_id])

    def test_what_a_second_look_can_read_cannot_be_signed(self) -> None:
        copy = factories.proposed(residue=RESIDUE)
        with pytest.raises(actions.ResidueLeft):
            sign(copy)
        assert RedactedCopy.objects.get().state == "proposed"

    def test_the_database_itself_refuses_a_false_signature(self) -> None:
        clean = factories.proposed()
        dirty = factories.proposed(residue=RESIDUE)
        signature = {"state": "signed", "signed_by": "x", "signed_at": timezone.now()}
        for copy, change in (
            (clean, {**signature, "signed_sha256": "0" * 64}),
            (clean, {**signature, "signed_sha256": clean.sha256, "signed_by": ""}),
            (dirty, {**signature, "signed_sha256": dirty.sha256}),
            (clean, {"covers": []}),
            (clean, {"sha256": "0" * 64}),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                RedactedCopy.objects.filter(pk=copy.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            RedactedCopy.objects.filter(pk=clean.pk).delete()

    def test_it_is_signed_once(self) -> None:
        copy = factories.proposed()
        sign(copy)
        with pytest.raises(IllegalMove):
            sign(copy)
        assert Fact.objects.filter(name="RedactionSigned").count() == 1

    def test_a_rejected_copy_and_its_reason_stay(self) -> None:
        copy = factories.proposed()
        with pytest.raises(actions.ReasonMissing):
            actions.reject_copy(copy=copy, reason=" ", actor=factories.BUYER)
        actions.reject_copy(copy=copy, reason="A name on the box.", actor=factories.BUYER)
        with pytest.raises(IllegalMove):
            sign(copy)
        [review] = redacted_queries.versions(copy.photo_id)
        assert (review.state, review.reject_reason) == ("rejected", "A name on the box.")


@pytest.mark.django_db
class TestDrawingAnew:
    def test_any_change_is_a_new_version_that_nobody_has_signed(self) -> None:
        copy = factories.proposed()
        sign(copy)
        second = actions.recover(copy=copy, redrawn=factories.redrawn(b"more covers"), actor=factories.BUYER)
        assert (second.version, second.state, second.made_by) == (2, "proposed", factories.BUYER.id)
        assert redacted_queries.signed_copies([copy.photo_id]) == []
        assert [review.state for review in redacted_queries.versions(copy.photo_id)] == ["superseded", "proposed"]
        with pytest.raises(NotFound):
            redacted_queries.signed_bytes(copy.id)
        with pytest.raises(IllegalMove):
            sign(copy)

    def test_the_old_hash_does_not_sign_the_new_bytes(self) -> None:
        copy = factories.proposed()
        second = actions.recover(copy=copy, redrawn=factories.redrawn(b"more covers"), actor=factories.BUYER)
        with pytest.raises(actions.OtherBytes):
            sign(second, sha256=copy.sha256)

    def test_an_agent_cannot(self) -> None:
        copy = factories.proposed()
        with pytest.raises(NotAllowed):
            actions.recover(copy=copy, redrawn=factories.redrawn(b"none"), actor=factories.AGENT)
        assert RedactedCopy.objects.count() == 1

    def test_those_with_residue_come_first(self) -> None:
        copies = [factories.proposed(), factories.proposed(residue=RESIDUE), factories.proposed()]
        sign(copies[0])
        reviews = redacted_queries.to_review([copy.photo_id for copy in copies])
        assert [review.copy_id for review in reviews] == [copies[1].id, copies[2].id, copies[0].id]


@pytest.mark.django_db(transaction=True)
def test_two_people_who_draw_one_copy_anew_make_one_new_version() -> None:
    copy = factories.proposed()
    results: list[str] = []

    def draw(data: bytes) -> None:
        mine = RedactedCopy.objects.select_related("photo__file__key").get(pk=copy.pk)
        both_read.wait()
        try:
            actions.recover(copy=mine, redrawn=factories.redrawn(data), actor=factories.BUYER)
            results.append("drawn")
        except MovedMeanwhile:
            results.append("refused")
        finally:
            connections.close_all()

    both_read = threading.Barrier(2)
    people = [threading.Thread(target=draw, args=(data,)) for data in (b"one", b"two")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(results) == ["drawn", "refused"]
    assert RedactedCopy.objects.count() == 2


@pytest.mark.django_db
class TestWall:
    def test_a_supplier_reaches_no_copy_by_its_id(self) -> None:
        copy = factories.proposed()
        for kind in ("supplier", "customer"):
            with pytest.raises(NotFound):
                redacted_queries.copy_bytes(actor=Actor(kind=kind, id="x", name="x"), copy_id=copy.id)
        assert redacted_queries.copy_bytes(actor=factories.BUYER, copy_id=copy.id) == b"a redacted jpeg"

    def test_bytes_that_changed_after_the_signature_do_not_leave(self) -> None:
        copy = factories.proposed()
        sign(copy)
        from recoup.foundation.files import folder

        [segment] = copy.file.segments.all()
        path = folder.root() / segment.path
        blob = bytearray(path.read_bytes())
        blob[-1] ^= 1
        path.write_bytes(blob)
        with pytest.raises(Refusal) as refused:
            redacted_queries.signed_bytes(copy.id)
        assert refused.value.code == "files.damaged"


def test_the_wall_knows_no_way_to_an_original() -> None:
    """redacted_queries imports neither the photo and view models nor the queries that read them."""
    source = Path(redacted_queries.__file__).read_text()
    names = {
        alias.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert names & {"Photo", "View", "Upload", "CaptureSession"} == set()
    assert "evidence import queries" not in source and "photo.file" not in source.replace("photo__file__key", "")
