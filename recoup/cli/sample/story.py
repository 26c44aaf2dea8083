"""The whole line, step by step: order, link, photos, decision, money, goods, claim, supplier, credit, closing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone

from recoup.cli.sample import album, cases, claiming, company, telling
from recoup.cli.sample.album import Picture
from recoup.cli.sample.company import SITE, Company
from recoup.cli.sample.ordering import Bought, Ordering
from recoup.cli.sample.phone import Browser, Phone, Turned
from recoup.cli.sample.waiting import until
from recoup.kit.money import Money

DEFECT, REQUIRED, SAMPLE_SHOTS = "cracked", ("overall", "close_up"), ("overall", "close_up", "serial_label")
PAYMENT, PARCEL = "BANK-2026-0417", "parcel 00340434161094000001"
MOST_TRIES = 12  # given photos that are sent before the rest of the shots come from the sample


class Story:
    """One run of the demo; ``play`` returns the exit status."""

    staff: Company
    bought: Bought
    phone: Phone
    case: str
    claim: str
    last_byte: float
    remedy: Any
    paid: str

    def __init__(
        self,
        teller: telling.Teller,
        *,
        address: str,
        left: threading.Event,
        photos: Path | None,
        orders: bytes | None,
    ) -> None:
        self.teller, self.address, self.left = teller, address, left
        self.photos, self.orders = photos, orders

    def play(self) -> int:
        for step in (
            self.furnish, self.order, self.link, self.send_photos, self.submit, self.decide, self.post, self.pay, self.receive,
            self.gather, self.sign, self.approve, self.supplier, self.credit, self.close,
        ):  # fmt: skip
            if self.left.is_set():
                raise KeyboardInterrupt
            step()
        return self.verify()

    # --- the customer -----------------------------------------------------------------------------------

    def furnish(self) -> None:
        with self.teller.step("A company: people, catalogue, suppliers, policy") as note:
            self.staff = company.furnish(now=timezone.now())
            note.say(f"{len(self.staff.people)} people, 4 products, 3 suppliers with a purchase order and batch each")

    def order(self) -> None:
        self.bought = Ordering(self.teller, self.staff, self.address).play(self.orders)

    def link(self) -> None:
        with self.teller.step("The customer gets a link") as note:
            from recoup.domain.returns import actions

            _, secret = actions.open_link(
                order=self.bought.order, language="en", expires_at=cases.link_ends(), actor=self.staff["agent"]
            )
            self.phone = Phone(self.address, secret)
            note.say(f"{self.address}{self.phone.link}", link=f"{self.address}{self.phone.link}")

    def send_photos(self) -> None:
        with self.teller.step("The phone sends photos, each is judged") as note:
            wanted = list(REQUIRED if self.photos else SAMPLE_SHOTS)
            tries: dict[str, list[str]] = {shot: [] for shot in wanted}
            for picture in self._pictures(note):
                if not wanted:
                    break
                self._try(note, picture, wanted, tries)
            note.facts["photos"] = len(self.phone.photos())

    def _pictures(self, note: telling.Note) -> Iterator[Picture]:
        """The given photos first; what they cannot show comes from the sample, and that is said."""
        if self.photos:
            for count, picture in enumerate(album.given(self.photos)):
                if count == MOST_TRIES:
                    break
                yield picture
            note.say("The given photos are used up; the sample's own photos show the rest.")
        yield from album.rendered(self.bought.sale, SAMPLE_SHOTS, unsteady=not self.photos)

    def _try(self, note: telling.Note, picture: Picture, wanted: list[str], tries: dict[str, list[str]]) -> None:
        shot = picture.shot or wanted[0]
        if shot not in wanted:
            return
        began = time.monotonic()
        try:
            mine = self.phone.send_photo(picture.data, shot=shot, name=Path(picture.name).name)
            self.last_byte = time.monotonic()
            seen = self.phone.verdict(mine)
        except Turned as turned:
            note.say(f"{picture.name}: {turned.say()}")
            return
        took = time.monotonic() - began
        said = seen["sentence"] or "accepted."
        note.say(f"{picture.name} ({shot.replace('_', ' ')}, {len(picture.data) // 1024} kB, {took:.2f} s): {said}")
        note.add("verdicts", {"file": picture.name, "shot": shot, "state": seen["state"], "sentence": said})
        if seen["state"] == "retake":
            tries[shot].append(mine)
            if picture.shot or not seen["may_send_anyway"]:
                return
            self.phone.send_anyway(mine)
            note.say("Two tries are enough: the customer sends this one as it is.")
        elif seen["state"] != "accepted":
            return
        wanted.remove(shot)

    def submit(self) -> None:
        with self.teller.step("The customer sends the return") as note:
            self.phone.submit(
                order_line_id=self.bought.line.pk, defect_type=DEFECT, quantity=1, serial=self.bought.sale.serial,
                words="There is a crack on the side.",
            )  # fmt: skip
            hit = until(self._hit, "The return")
            self.case = hit.number
            note.say(f"Return {self.case}", case=self.case)

    def _hit(self) -> Any:
        from recoup.domain.returns import queries

        hits = queries.search(self.staff["agent"], self.bought.order.number)
        return hits[0] if hits else None

    def _page(self) -> Any:
        from recoup.domain.returns import queries

        return queries.case_page(self.staff["agent"], self.case, now=timezone.now())

    # --- the decision, the money, the goods -------------------------------------------------------------

    def decide(self) -> None:
        with self.teller.step("The return verifies itself") as note:
            line = until(self._judged, "Verifying the return")
            for check in line.checks:
                note.say(f"{check.code}: {check.result}. {check.sentence}")
                note.add("checks", {"check": check.code, "result": check.result})
            note.say(f"{line.proposal.words} {line.proposal.because}", proposal=line.proposal.then)
        if line.line.decision == "approved":
            self._say_status()
        else:
            self._agent_decides(line)

    def _judged(self) -> Any:
        """The line once it was proposed what to do with it, and done where policy does it by itself."""
        line = self._page().lines[0]
        decided = line.proposal and (line.proposal.then != "approve" or line.line.decision != "open")
        return line if decided else None

    def _agent_decides(self, line: Any) -> None:
        """What policy leaves to a person: they look, and decide with a reason; above their limit, a colleague does."""
        from recoup.domain.returns.actions import AboveYourLimit

        nothing = line.money is None or not line.money.worth
        remedy = "replacement" if nothing else "refund"
        reason = "Nothing is left to pay back, so a new one goes out." if nothing else "Goodwill: the photos show it."
        with self.teller.step(f"{self.staff['agent'].name} (agent) looks and approves") as note:
            try:
                self._approve("agent", line, remedy, reason)
            except AboveYourLimit as refusal:
                note.say(refusal.say())
                note.say(f"{self.staff['admin'].name} (admin) approves instead.")
                self._approve("admin", line, remedy, reason)
            note.say(f"{remedy.capitalize()}. {reason}", remedy=remedy, reason=reason)
        self._say_status()

    def _approve(self, role: str, line: Any, remedy: str, reason: str) -> None:
        from recoup.domain.returns import actions, queries

        actor = self.staff[role]
        row = queries.access_line(actor=actor, line_id=line.line.pk)
        actions.approve(line=row, remedy=remedy, reason=reason, at=timezone.now(), actor=actor)

    def _say_status(self) -> None:
        with self.teller.step("The customer's page says so") as note:
            case = self._page().case
            until(lambda: case.rma_number in self.phone.standing() or None, "The RMA number on the customer's page")
            since = time.monotonic() - self.last_byte
            note.say(f"{case.rma_number}, {since:.2f} s after the last photo's last byte", rma=case.rma_number)

    def post(self) -> None:
        with self.teller.step("What the customer gets is posted") as note:
            self.remedy = remedy = claiming.remedy_posted(self.staff, self.case)
            what = f"Credit memo {remedy.memo} over {remedy.amount}" if remedy.memo else "A replacement"
            note.say(f"{what}: {remedy.word}.",
                     remedy=remedy.kind, memo=remedy.memo, state=remedy.state, amount=str(remedy.amount))  # fmt: skip

    def pay(self) -> None:
        """A person pays it or sends it; until then the customer's page says what will come, and not that it came."""
        if self.remedy.kind == "replacement":
            self._send_replacement()
        elif self.remedy.state == "posted":
            self._pay_back()
        else:
            self.paid = f"{self.remedy.amount} as {self.remedy.kind.replace('_', ' ')}, {self.remedy.word}"

    def _pay_back(self) -> None:
        with self.teller.step(f"{self.staff['finance'].name} (finance) pays it and marks it as paid") as note:
            claiming.pay_back(self.staff, self.remedy.remedy_id, reference=PAYMENT)
            self.paid = f"{self.remedy.amount}, reference {PAYMENT}"
            until(lambda: PAYMENT in self.phone.standing() or None, "The payment on the customer's page")
            note.say(f"{self.paid}. The customer's page says so now.", reference=PAYMENT)

    def _send_replacement(self) -> None:
        with self.teller.step(f"{self.staff['warehouse'].name} (warehouse) sends the replacement") as note:
            claiming.send_replacement(self.staff, self.remedy.remedy_id, note=PARCEL)
            self.paid = f"nothing in money; a replacement left with {PARCEL}"
            note.say(f"It left with {PARCEL}.", parcel=PARCEL)

    def receive(self) -> None:
        from recoup.domain.warehouse import actions, queries

        with self.teller.step(f"{self.staff['warehouse'].name} scans the parcel") as note:
            tom, rma = self.staff["warehouse"], self._page().case.rma_number
            line = queries.scan(actor=tom, typed=rma).lines[0].line
            site = queries.access_site(actor=tom, code=SITE)
            receipt = actions.receive(line=line, site=site, quantity=1, grade="D", at=timezone.now(), actor=tom)
            for row in queries.stock(actor=tom):
                note.say(f"{row.quantity} × {row.sku} in {row.bin}; sellable: {queries.sellable(sku=row.sku)}")
            note.facts.update(receipt=receipt.pk, rma=rma)

    # --- the supplier -----------------------------------------------------------------------------------

    def gather(self) -> None:
        with self.teller.step("A claim on the supplier gathers by itself") as note:
            self.claim = claiming.claim_number_of(self.staff, self.case)
            seen = claiming.page(self.staff, self.claim)
            batch = f", batch {seen.batch}" if seen.batch else ""
            note.say(f"{self.claim}: {seen.supplier}, {seen.purchase_order}{batch}, {seen.money.claimed}",
                     claim=self.claim, supplier=seen.supplier, claimed=str(seen.money.claimed))  # fmt: skip

    def sign(self) -> None:
        with self.teller.step("Photos are redacted, a person signs each") as note:
            for photo in claiming.drawn(self.staff, self.claim):
                signed = claiming.sign(self.staff, self.claim, photo)
                note.say(f"{photo.shot.replace('_', ' ')}: {len(signed.covers)} covers, SHA-256 {signed.sha256[:16]}…")
                note.add("signed", {"shot": photo.shot, "covers": len(signed.covers), "sha256": signed.sha256})

    def approve(self) -> None:
        with self.teller.step(f"{self.staff['buyer'].name} (buyer) approves, the packet leaves") as note:
            claiming.put_forward(self.staff, self.claim)
            boundary = claiming.approve(self.staff, self.claim)
            packet = claiming.sent(self.staff, self.claim).packets[-1]
            note.say(f"Up to {boundary.amount}, until {boundary.expires_at:%Y-%m-%d}")
            note.say(f"{packet.file_name}, {packet.files} files, SHA-256 {packet.sha256[:16]}…", packet=packet.file_name,
                     sha256=packet.sha256)  # fmt: skip

    def supplier(self) -> None:
        with self.teller.step("The supplier opens the room and accepts") as note:
            secret = claiming.link_to_hand_over(self.staff, self.claim)
            browser = Browser(self.address)
            page = browser.get(f"/supplier/{secret}/")
            _, packet = browser.ask("GET", f"/supplier/{secret}/packet.zip")
            claiming.accept_everything(secret)
            note.say(
                f"The room has {len(page) // 1024} kB, the packet {len(packet) // 1024} kB", packet_bytes=len(packet)
            )
            note.say(f"Accepted: {claiming.page(self.staff, self.claim).money.accepted}")

    def credit(self) -> None:
        with self.teller.step(f"{self.staff['finance'].name} (finance) records the credit note") as note:
            self.recovered: Money = claiming.record_credit(self.staff, self.claim, reference="CN-5521")
            money = claiming.page(self.staff, self.claim).money
            note.say(
                f"CN-5521 over {self.recovered}; open: {money.open}",
                recovered=str(self.recovered),
                open=str(money.open),
            )

    def close(self) -> None:
        with self.teller.step("The file answers everybody, and is closed") as note:
            seen = claiming.close(self.staff, self.claim)
            for row in seen.handoff:
                note.say(f"{'✓' if row.green else '✗'} {row.question}")
            note.say(f"{self.claim} is {seen.state}.", state=seen.state)

    def verify(self) -> int:
        from recoup.cli.verify import promises

        with self.teller.step("Every promise is checked") as note:
            findings = [found for _, check in promises() for found in check()]
            for found in findings:
                note.say(f"✗ {found.subject}: {found.sentence}")
            note.say(f"{len(promises())} promises, {len(findings)} broken", broken=len(findings))
        self.teller.end(
            f"Paid to the customer: {self.paid}",
            f"Came back from the supplier: {self.recovered}",
            "Everything holds." if not findings else f"{len(findings)} promises are broken; the lines above name each.",
            paid=self.paid, recovered=str(self.recovered), broken=len(findings),
        )  # fmt: skip
        return 1 if findings else 0
