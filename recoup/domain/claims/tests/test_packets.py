"""The packet, the wall around it, the link, and the room behind it."""

from __future__ import annotations

import ast
import csv
import datetime
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from recoup.domain.claims import actions as claims
from recoup.domain.claims import invariants, queries, supplier_queries
from recoup.domain.claims.actions.packets import BoundaryEnded, ChangedMeanwhile
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.models import Packet
from recoup.domain.claims.redaction_tasks import redaction_tasks
from recoup.domain.claims.room_pages import Visit
from recoup.domain.claims.tests import factories
from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.actions import Redrawn
from recoup.domain.evidence.redacted_queries import NotSigned
from recoup.domain.returns.models import ReturnLine
from recoup.foundation.accounts.models import LinkToken
from recoup.foundation.accounts.queries import LinkExpired
from recoup.foundation.facts.models import Fact
from recoup.foundation.files import queries as files
from recoup.foundation.notices.models import Notice
from recoup.kit.actor import SYSTEM
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import NotAllowed, NotFound
from recoup.kit.tests import drawn

CLAIMS = Path(__file__).parents[1]


def archive(packet: Packet) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(files.read(packet.file)))


@pytest.mark.django_db
class TestPacket:
    def test_it_holds_what_its_manifest_says(self) -> None:
        claim, packet, _ = factories.sent()
        zipped = archive(packet)
        manifest = json.loads(zipped.read("manifest.json"))
        assert manifest == packet.manifest
        names = [entry["name"] for entry in manifest["files"]]
        assert sorted([*names, "manifest.json"]) == sorted(zipped.namelist())
        for entry in manifest["files"]:
            data = zipped.read(entry["name"])
            assert (hashlib.sha256(data).hexdigest(), len(data)) == (entry["sha256"], entry["bytes"])
        assert zipped.read(names[0]).startswith(b"%PDF-")
        assert packet.file_name == f"{claim.purchase_order.number}_Huizhou-Kettle-Works_Claim-Packet_2025-06-02.zip"
        assert manifest["groups"] == [
            {
                "sku": manifest["lines"][0]["sku"], "product": "Kettle 1.7 l", "defect": "It is cracked", "cases": 2, "quantity": 2,
                "rate": "0.8 % of 250 shipped (8,000 PPM)", "amount": "17.00 USD",
            }
        ]  # fmt: skip

    def test_its_photos_are_the_very_bytes_that_were_signed(self) -> None:
        claim, packet, _ = factories.sent(factories.Source(shots=factories.TWO_SHOTS))
        signed = {photo.copy.signed_sha256 for photo in read_file(claim).photos if photo.copy}
        zipped = archive(packet)
        photos = [entry["name"] for entry in packet.manifest["files"] if entry["kind"] == "photo"]
        assert len(photos) == 4
        assert {hashlib.sha256(zipped.read(name)).hexdigest() for name in photos} == signed

    def test_the_same_claim_gives_the_same_bytes(self) -> None:
        claim = factories.approved()
        assert claims.assemble_packet(claim=claim).data == claims.assemble_packet(claim=claim).data

    def test_a_rejected_photo_stays_here(self) -> None:
        claim = factories.redacted(factories.gathered(factories.Source(shots=factories.TWO_SHOTS)))
        spoiled = read_file(claim).photos[0].copy
        assert spoiled is not None
        claims.reject(claim=claim, copy=spoiled, reason="A name can be read.", actor=factories.QUALITY)
        for photo in read_file(claim).photos[1:]:
            assert photo.copy is not None
            claims.sign_off(
                claim=claim, copy=photo.copy, sha256=photo.copy.sha256, at=factories.NOW, actor=factories.QUALITY
            )
        claims.decide(claim=claim, answer="yes", why="enough", actor=factories.QUALITY)
        claims.make_ready(claim=claim, at=factories.NOW, actor=factories.QUALITY)
        claims.approve(claim=claim, boundary=factories.boundary(claim), at=factories.NOW, actor=factories.buyer())
        packet = claims.build_packet(claim=claim, actor=SYSTEM)
        hashes = {entry["sha256"] for entry in packet.manifest["files"]}
        assert spoiled.sha256 not in hashes and len(hashes) == 5

    def test_no_formula_gets_into_the_defect_list(self) -> None:
        source = factories.Source()
        source.product.name = "=HYPERLINK(0)"
        source.product.save()
        _, packet, _ = factories.sent(source)
        name = next(entry["name"] for entry in packet.manifest["files"] if entry["kind"] == "defect_list")
        rows = list(csv.reader(io.StringIO(archive(packet).read(name).decode("utf-8-sig"))))
        assert rows[0][:2] == ["case", "sku"] and rows[1][2] == "'=HYPERLINK(0)"

    def test_a_long_word_leaves_the_figures_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        source = factories.Source()
        claim = factories.approved(source)

        def figures(name: str) -> Any:
            source.product.name = name
            source.product.save()
            return drawn.inked(drawn.pages(monkeypatch, lambda: claims.assemble_packet(claim=claim))[0], since=0.3)

        assert drawn.same_place(figures(drawn.LONG_WORD), figures("Kettle 1.7 l"))

    def test_only_an_approved_claim_has_a_packet(self) -> None:
        claim = factories.ready()
        with pytest.raises(IllegalMove), transaction.atomic():
            claims.build_packet(claim=claim, actor=SYSTEM)
        assert not Packet.objects.exists()

    def test_a_copy_drawn_anew_after_the_approval_stops_it(self) -> None:
        claim = factories.approved()
        built = claims.assemble_packet(claim=claim)
        copy = read_file(claim).photos[0].copy
        assert copy is not None
        again = Redrawn(encoded=factories.jpeg(7), rules_version="test")
        fresh = evidence.recover(copy=copy, redrawn=again, actor=factories.QUALITY)
        with pytest.raises(NotSigned), transaction.atomic():
            claims.build_packet(claim=claim, actor=SYSTEM)
        claims.sign_off(claim=claim, copy=fresh, sha256=fresh.sha256, at=factories.NOW, actor=factories.QUALITY)
        with pytest.raises(ChangedMeanwhile), transaction.atomic():
            claims.build_packet(claim=claim, actor=SYSTEM, assembled=built)
        assert not Packet.objects.exists()
        assert fresh.sha256 in {
            entry["sha256"] for entry in claims.build_packet(claim=claim, actor=SYSTEM).manifest["files"]
        }

    def test_it_is_filed_once(self) -> None:
        claim = factories.approved()
        assert claims.build_packet(claim=claim, actor=SYSTEM) == claims.build_packet(claim=claim, actor=SYSTEM)
        assert Packet.objects.count() == 1

    def test_a_flipped_byte_is_found(self) -> None:
        _, packet, _ = factories.sent()
        assert list(invariants.packets_are_what_was_sent()) == []
        Packet.objects.filter(pk=packet.pk).update(sha256="0" * 64)
        assert [finding.invariant for finding in invariants.packets_are_what_was_sent()] == ["claims.packet"]


class TestTheWall:
    """No path in claims leads to an original or a view of it."""

    def sources(self) -> dict[str, ast.Module]:
        shipped = [path for path in CLAIMS.rglob("*.py") if "tests" not in path.parts]
        return {str(path.relative_to(CLAIMS)): ast.parse(path.read_text()) for path in shipped}

    def imported(self, tree: ast.Module) -> set[str]:
        found: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
            elif isinstance(node, ast.Import):
                found |= {name.name for name in node.names}
        return found

    def test_nothing_in_claims_imports_or_names_a_way_to_an_original(self) -> None:
        assert len(self.sources()) > 30
        for path, tree in self.sources().items():
            ways = {
                "recoup.domain.evidence.originals",
                "recoup.domain.evidence.queries",
                "recoup.domain.evidence.models.View",
            }
            assert not self.imported(tree) & ways, path
            named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            assert not named & {"open_original", "photo_view_of", "original", "views", "bytes_of"}, path

    def test_the_suppliers_reads_know_no_photo_at_all(self) -> None:
        tree = self.sources()["supplier_queries.py"]
        assert not [name for name in self.imported(tree) if "evidence" in name or "returns" in name or "orders" in name]


IDENTIFIERS = {
    "name": "Zebulon Quartermain", "street": "Marmalade Crescent 77", "city": "Obergurgl-Nord", "postcode": "ZX9 7QP",
    "phone": "+44 7700 900123", "email": "zebulon.q@canary.example", "order number": "#CANARY-5521", "external id": "998877665544",
    "tracking": "1ZCANARY000099", "customer's words": "my wife Griselda is upset", "typed serial": "GRISELDA-1", "customer name": "Wilhelmina Canary",
}  # fmt: skip


@pytest.mark.django_db
class TestPrivacy:
    def canary(self) -> factories.Source:
        class Personal(factories.Source):
            def approved(self, **about: Any) -> ReturnLine:
                line = super().approved(**about)
                assert line.order_line is not None
                order = line.order_line.order
                ship_to = {
                    "name": IDENTIFIERS["name"], "lines": [IDENTIFIERS["street"]], "city": IDENTIFIERS["city"],
                    "postcode": IDENTIFIERS["postcode"], "phone": IDENTIFIERS["phone"],
                }  # fmt: skip
                customer = order.customer
                customer.name, customer.email = IDENTIFIERS["customer name"], IDENTIFIERS["email"]
                customer.phone = IDENTIFIERS["phone"]
                customer.save()
                order.ship_to, order.number = ship_to, IDENTIFIERS["order number"]
                order.external_id = f"{IDENTIFIERS['external id']}-{order.pk}"
                order.tracking_numbers = [IDENTIFIERS["tracking"]]
                order.save()
                line.words, line.serial_typed = IDENTIFIERS["customer's words"], IDENTIFIERS["typed serial"]
                line.save()
                return line

        return Personal()

    def test_no_planted_identifier_reaches_the_supplier(self) -> None:
        claim, packet, secret = factories.sent(self.canary())
        visit = claims.enter_room(secret=secret, now=factories.NOW)
        zipped = archive(packet)
        told = [
            repr(supplier_queries.supplier_room(visit=visit)),
            repr(packet.manifest),
            packet.file_name,
            *zipped.namelist(),
        ]
        told += [
            Notice.objects.get(audience="supplier").body_text,
            Notice.objects.get(audience="supplier").subject_line,
        ]
        told += [zipped.read(name).decode("latin-1") for name in zipped.namelist()]
        told += [repr(list(claim.documents.values_list("versions__fields", flat=True)))]
        for kind, planted in IDENTIFIERS.items():
            assert not [text for text in told if planted.lower() in text.lower()], kind

    def test_the_redaction_knows_every_identifier_and_what_may_stay(self) -> None:
        source = self.canary()
        claim = factories.gathered(source, lines=1)
        tasks = redaction_tasks(claim.pk)
        assert len(tasks) == 1
        hidden = " ".join(tasks[0].identifiers)
        for kind in set(IDENTIFIERS) - {"customer's words", "typed serial"}:
            assert IDENTIFIERS[kind] in hidden, kind
        assert {source.product.sku, "24-117", source.order.number} <= set(tasks[0].allow)
        assert IDENTIFIERS["name"] not in repr(tasks)
        factories.redacted(claim)
        assert redaction_tasks(claim.pk) == []


@pytest.mark.django_db
class TestSending:
    def test_it_leaves_under_one_link_with_a_letter(self) -> None:
        claim, packet, secret = factories.sent()
        assert (claim.state, claim.reply_by_date) == ("sent", datetime.date(2025, 6, 16))
        token = LinkToken.objects.get(purpose="supplier")
        assert token.subject_id == packet.pk and token.expires_at.date() > datetime.date(2025, 11, 1)
        letter = Notice.objects.get(audience="supplier")
        assert letter.to == "claims@kettle.example.com" and secret not in letter.body_text
        assert Fact.objects.get(name="PacketSent").body == {"packet_id": str(packet.pk)}

    def test_a_supplier_without_an_address_gets_a_letter_that_waits(self) -> None:
        claim, _, _ = factories.sent(factories.Source(email=""))
        assert claim.state == "sent" and Notice.objects.get(audience="supplier").state == "suppressed"

    def test_it_is_sent_once(self) -> None:
        _, packet, _ = factories.sent()
        with pytest.raises(IllegalMove), transaction.atomic():
            claims.send(packet=packet, at=factories.NOW, actor=SYSTEM)
        assert LinkToken.objects.filter(purpose="supplier").count() == 1

    def test_not_after_the_boundary_ended(self) -> None:
        claim = factories.approved()
        packet = claims.build_packet(claim=claim, actor=SYSTEM)
        with pytest.raises(BoundaryEnded), transaction.atomic():
            claims.send(packet=packet, at=factories.SOON, actor=SYSTEM)
        assert factories.fresh(claim).state == "approved" and not LinkToken.objects.filter(purpose="supplier").exists()

    def test_not_under_another_approval_than_it_was_built_for(self) -> None:
        claim = factories.approved()
        packet = claims.build_packet(claim=claim, actor=SYSTEM)
        claims.expire_boundaries(now=factories.SOON)
        claim = factories.fresh(claim)
        limits = factories.boundary(claim, expires_at=factories.SOON + datetime.timedelta(days=9))
        claims.approve(claim=claim, boundary=limits, at=factories.SOON, actor=factories.buyer())
        with pytest.raises(ChangedMeanwhile), transaction.atomic():
            claims.send(packet=packet, at=factories.SOON, actor=SYSTEM)
        second = claims.build_packet(claim=claim, actor=SYSTEM)
        assert second.number == 2 and second.file_name.endswith("2025-06-16_v2.zip")


@pytest.mark.django_db
class TestTheRoom:
    def room(self, visit: Visit) -> Any:
        return supplier_queries.supplier_room(visit=visit)

    def test_the_first_look_acknowledges_and_every_look_is_kept(self) -> None:
        claim, packet, secret = factories.sent()
        visit = claims.enter_room(secret=secret, now=factories.NOW)
        assert factories.fresh(claim).state == "acknowledged" and visit.actor.kind == "supplier"
        claims.enter_room(secret=secret, now=factories.NOW, to="packet")
        claims.enter_room(secret=secret, now=factories.NOW, to="photo")
        [seen] = queries.claim_page(factories.buyer(), claim.number, now=factories.NOW).packets
        assert [look.sentence.partition(" Works ")[2] for look in seen.visits] == [
            "opened the packet for the first time.", "downloaded the packet through the link.",
        ]  # fmt: skip
        assert seen.link_uses == 3 and seen.sha256 == packet.sha256

    def test_it_shows_the_lines_and_their_photos(self) -> None:
        _, visit, _ = factories.visiting(factories.Source(shots=factories.TWO_SHOTS))
        room = self.room(visit)
        assert room.may_answer and room.claimed.minor == 1700 and len(room.lines) == 2
        photo = room.lines[0].photos[1]
        assert photo.shot == "close_up"
        data = supplier_queries.packet_file(visit=visit, name=photo.name)
        assert hashlib.sha256(data).hexdigest() == photo.sha256
        name, packet = supplier_queries.packet_download(visit=visit)
        assert (name, hashlib.sha256(packet).hexdigest()) == (room.packet_name, room.packet_sha256)

    def test_only_files_of_the_manifest_are_given(self, subtests: pytest.Subtests) -> None:
        _, visit, _ = factories.visiting()
        for name in ("", "manifest.json", "../x", "other.jpg"):
            with subtests.test(msg=name), pytest.raises(NotFound):
                supplier_queries.packet_file(visit=visit, name=name)

    def test_a_withdrawn_an_unknown_and_an_ended_link(self) -> None:
        claim, packet, secret = factories.sent()
        with pytest.raises(LinkExpired), transaction.atomic():
            claims.enter_room(secret=secret, now=factories.NOW + datetime.timedelta(days=400))
        with pytest.raises(NotAllowed), transaction.atomic():
            claims.revoke_link(packet=packet, at=factories.NOW, actor=factories.QUALITY)
        assert claims.revoke_link(packet=packet, at=factories.NOW, actor=factories.buyer()) == 1
        for word in (secret, "guess"):
            with pytest.raises(NotFound), transaction.atomic():
                claims.enter_room(secret=word, now=factories.NOW)
        assert factories.fresh(claim).state == "sent"

    def test_a_new_link_ends_the_one_before(self) -> None:
        _, packet, secret = factories.sent()
        fresh = claims.new_link(packet=packet, at=factories.NOW, actor=factories.buyer())
        assert claims.enter_room(secret=fresh, now=factories.NOW).packet_id == packet.pk
        with pytest.raises(NotFound), transaction.atomic():
            claims.enter_room(secret=secret, now=factories.NOW)

    def test_an_unsent_packet_has_no_link(self) -> None:
        packet = claims.build_packet(claim=factories.approved(), actor=SYSTEM)
        with pytest.raises(IllegalMove), transaction.atomic():
            claims.new_link(packet=packet, at=factories.NOW, actor=factories.buyer())
        assert not LinkToken.objects.filter(purpose="supplier").exists()
