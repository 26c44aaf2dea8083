"""What must always be true of returns; each broken promise is named in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from recoup.domain.ledger.accounts import CUSTOMER_CREDIT
from recoup.domain.ledger.models import CreditLimit
from recoup.domain.orders.models import Order, OrderLine
from recoup.domain.returns.models import Remedy, Return, ReturnLine
from recoup.foundation.audit.models import Record
from recoup.foundation.audit.queries import told
from recoup.foundation.database.findings import Finding
from recoup.kit.money import Money

_DECISIVE = {"approve": "approved", "refuse": "refused", "cancel": "cancelled", "appeal": "open"}
_CARRIED_OUT = ["posted", "settled"]


def decisions_are_recorded() -> Iterator[Finding]:
    """A line stands where its last recorded decision left it."""
    lines = ReturnLine.objects.select_related("return_case").prefetch_related("decisions")
    for line in lines.iterator(chunk_size=500):
        taken = [each for each in line.decisions.all() if each.verb in _DECISIVE]
        last = max(taken, key=lambda each: each.created_at) if taken else None
        expected = _DECISIVE[last.verb] if last else "open"
        if line.decision != expected:
            said = f"It is {line.decision}, but its last recorded decision left it {expected}."
            yield Finding("returns.decisions", _name(line), said)


def approvals_have_rma_and_remedy() -> Iterator[Finding]:
    """An approved line has its RMA number, exactly one remedy that was not withdrawn, and locked evidence."""
    lines = ReturnLine.objects.filter(decision="approved").select_related("return_case")
    counted = lines.annotate(granted=Count("remedies", filter=~Q(remedies__state__in=["withdrawn", "proposed"])))
    for line in counted.filter(~Q(granted=1) | Q(return_case__rma_number=None) | ~Q(evidence="locked")).iterator():
        said = f"Approved with {line.granted} remedies, RMA {line.return_case.rma_number or 'none'}, evidence {line.evidence}."
        yield Finding("returns.approvals", _name(line), said)


def nothing_is_granted_without_approval() -> Iterator[Finding]:
    """A remedy stands only on an approved line."""
    stray = Remedy.objects.exclude(state__in=["withdrawn", "proposed"]).exclude(line__decision="approved")
    for remedy in stray.select_related("line__return_case").iterator():
        said = f"A {remedy.kind.replace('_', ' ')} is {remedy.state} on a line that is {remedy.line.decision}."
        yield Finding("returns.remedies", _name(remedy.line), said)


def remedies_match_their_memos() -> Iterator[Finding]:
    """A posted remedy in money has its credit memo over exactly that amount; one that is not posted has none."""
    money = Remedy.objects.exclude(kind="replacement").select_related("line__return_case", "memo")
    same = Q(memo__total_minor=F("amount_minor"), memo__currency=F("currency"))
    wrong = Q(state__in=_CARRIED_OUT, memo=None) | Q(memo__isnull=False) & ~same
    early = ~Q(state__in=_CARRIED_OUT) & Q(memo__isnull=False)
    for remedy in money.filter(wrong | early).iterator():
        memo = remedy.memo
        beside = f"memo {memo.full_number} over {Money(memo.total_minor, memo.currency)}" if memo else "no memo"
        yield Finding("returns.memos", _name(remedy.line), f"{_granted(remedy)} is {remedy.state} with {beside}.")


def payments_were_confirmed() -> Iterator[Finding]:
    """A refund counts as paid when a person confirmed exactly this payment, and not before."""
    confirmed = {
        (str(record.facts.get("remedy")), str(record.facts.get("reference")), str(record.facts.get("on")))
        for record in Record.objects.filter(verb="remedy.paid", actor_kind="staff").iterator()
    }
    for remedy in Remedy.objects.filter(kind="refund", state="settled").select_related("line__return_case").iterator():
        if (str(remedy.pk), remedy.reference, str(remedy.paid_on)) not in confirmed:
            said = f"A refund is settled with the reference “{remedy.reference}”, and nobody confirmed that payment."
            yield Finding("returns.payments", _name(remedy.line), said)


def what_is_owed_is_booked() -> Iterator[Finding]:
    """Until it is settled, what a memo grants stands in the books as owed to the customer; then no more."""
    booked = Sum("memo__entries__postings__amount_minor", filter=Q(memo__entries__postings__account=CUSTOMER_CREDIT))
    granted = Remedy.objects.filter(memo__isnull=False).annotate(owed=Coalesce(-booked, 0))
    for remedy in granted.select_related("line__return_case").iterator():
        expected = remedy.amount_minor if remedy.state == "posted" else 0
        if remedy.owed != expected:
            owed = Money(remedy.owed, remedy.currency)
            said = f"{_granted(remedy)} is {remedy.state}, and {owed} is booked as owed."
            yield Finding("returns.owed", _name(remedy.line), said)


def credits_fit_their_orders() -> Iterator[Finding]:
    """Nothing was credited beyond what the shop says, today, was paid for the item."""
    paid = OrderLine.objects.filter(pk=OuterRef("line_id"))
    limits = CreditLimit.objects.filter(credited_minor__gt=0).annotate(now=Subquery(paid.values("paid_minor")[:1]))
    for limit in limits.filter(credited_minor__gt=F("now")).iterator():
        line = OrderLine.objects.select_related("order").get(pk=limit.line_id)
        credited, now = (Money(minor, limit.currency) for minor in (limit.credited_minor, line.paid_minor))
        said = f"{credited} was credited, and the shop now says that {now} was paid."
        yield Finding("returns.credits", f"order {line.order.number}, item {line.position}", said)


def limits_are_what_was_paid() -> Iterator[Finding]:
    """No item may be credited above what was paid for it; a shop that changed the order since is no fault of the limit."""
    paid = OrderLine.objects.filter(pk=OuterRef("line_id"))
    limits = CreditLimit.objects.annotate(now=Subquery(paid.values("paid_minor")), order=Subquery(paid.values("order")))
    since = told("order.updated", Order).filter(at__gte=OuterRef("created_at"), subject_id=OuterRef("order"))
    above = Q(paid_minor__gt=F("now")) & ~Exists(since)
    for limit in limits.filter(above | Q(now=None)).iterator():
        allowed = Money(limit.paid_minor, limit.currency)
        paid_for = f"only {Money(limit.now, limit.currency)} was paid" if limit.now is not None else "the item is gone"
        yield Finding("returns.limits", f"item {limit.line_id}", f"{allowed} may be credited, but {paid_for}.")


def numbers_are_as_given() -> Iterator[Finding]:
    """A return goes by the number it was sent in under, and by the RMA number it was first approved under."""
    cases = Return.objects.annotate(
        given=Coalesce(_first_told("return.submitted", "number"), "number"),
        minted=Coalesce(_first_told("line.approved", "rma"), Value("")),
        rma=Coalesce("rma_number", Value("")),
    )
    for case in cases.exclude(number=F("given"), rma=F("minted")).iterator():
        given, now = f"{case.given}, {case.minted or 'no RMA'}", f"{case.number}, {case.rma or 'no RMA'}"
        yield Finding("returns.numbers", f"return {case.given}", f"It was given {given}, and now says {now}.")


def _first_told(verb: str, fact: str) -> Subquery:
    """What the trail of a return first said of it."""
    about = told(verb, Return).filter(subject_id=OuterRef("pk"))
    said = about.order_by("position").values(said=KT(f"facts__{fact}"))[:1]
    return Subquery(said, output_field=CharField())


def waits_have_an_end() -> Iterator[Finding]:
    """Whoever is waited for, there is a day by which a person looks."""
    for case in Return.objects.filter(deadline_at=None).exclude(waiting_for="nobody").iterator():
        yield Finding("returns.waits", case.number, f"It waits for {case.waiting_for} without a date.")


def _granted(remedy: Remedy) -> str:
    return f"A {remedy.kind.replace('_', ' ')} over {Money(remedy.amount_minor, remedy.currency)}"


def _name(line: ReturnLine) -> str:
    return f"return {line.return_case.number}"


PROMISES: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
    ("Every return line stands where its last decision left it.", decisions_are_recorded),
    ("Every approval has its RMA number, one remedy and locked evidence.", approvals_have_rma_and_remedy),
    ("Nothing is granted without an approval.", nothing_is_granted_without_approval),
    ("Every payment to a customer has its credit memo over the same amount.", remedies_match_their_memos),
    ("Every refund that counts as paid was confirmed by a person, with its reference.", payments_were_confirmed),
    ("What customers are still to get is booked as owed, and what they have is not.", what_is_owed_is_booked),
    ("No item is credited above what its shop says was paid.", credits_fit_their_orders),
    ("No item may be credited above what was paid for it.", limits_are_what_was_paid),
    ("Every return goes by the numbers that it was given.", numbers_are_as_given),
    ("Every wait has an end.", waits_have_an_end),
]
