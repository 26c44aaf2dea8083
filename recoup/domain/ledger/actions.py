"""Every booking: issue and settle a memo, book what a supplier accepts, gives or will never give."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from recoup.domain.ledger import accounts, digests
from recoup.domain.ledger.facts import CreditMemoIssued, SupplierCreditBooked
from recoup.domain.ledger.models import CreditLimit, CreditMemo, CreditMemoLine, Entry, MemoDocument, Posting, Series
from recoup.domain.ledger.rules import Leg, MemoLine, balanced, tax_rate_bp, transfer
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.foundation.files import actions as files
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.money import Money
from recoup.kit.refusal import Refusal

SERIES = "CM"


class OverCredit(Refusal):
    code = "ledger.over_credit"
    sentence = "{asked} is more than what is left of this line: {left} of {paid} that was paid. Lower the amount, or choose another line."


class NothingToCredit(Refusal):
    code = "ledger.nothing_to_credit"
    sentence = "This would be a credit memo over nothing. Choose a remedy without money, such as a replacement."


class NothingToBook(Refusal):
    code = "ledger.nothing_to_book"
    sentence = "There is no money to book here: the amount is zero."


class AlreadyCorrected(Refusal):
    code = "ledger.already_corrected"
    sentence = "Credit memo {number} has been taken back already by {by}."


@transaction.atomic
def issue_memo(
    *,
    lines: Sequence[MemoLine],
    order_number: str,
    rma_number: str,
    reason: str,
    party: dict[str, Any],
    customer_id: UUID,
    at: datetime,
    actor: Actor,
) -> CreditMemo:
    """Issue a numbered credit memo; never more on a line than was paid for it. Raises OverCredit, NothingToCredit."""
    if not lines or any(line.total.minor <= 0 for line in lines):
        raise NothingToCredit()
    # One order of locks, so that no two memos wait for each other.
    limits = [_use_limit(line) for line in sorted(lines, key=lambda each: each.line_id)]
    memo = _number_and_write(lines, order_number, rma_number, reason, party, at, corrects=None)
    _announce(memo, customer_id=customer_id, at=at, actor=actor, limits=limits)
    return memo


@transaction.atomic
def counter_memo(*, memo: CreditMemo, customer_id: UUID, reason: str, at: datetime, actor: Actor) -> CreditMemo:
    """Take a memo back with a counter-memo; its lines may be credited again. Raises AlreadyCorrected."""
    CreditMemo.objects.select_for_update().get(pk=memo.pk)
    earlier = memo.corrected_by.first()
    if earlier:
        raise AlreadyCorrected(number=memo.full_number, by=earlier.full_number)
    lines = [_negated(line, memo.currency) for line in memo.lines.order_by("position")]
    for line in sorted(lines, key=lambda each: each.line_id):
        CreditLimit.objects.filter(line_id=line.line_id).update(credited_minor=F("credited_minor") + line.total.minor)
    counter = _number_and_write(lines, memo.order_number, memo.rma_number, reason, memo.party, at, corrects=memo)
    _announce(counter, customer_id=customer_id, at=at, actor=actor)
    return counter


@transaction.atomic
def settle(*, memo: CreditMemo, how: str, customer_id: UUID, at: datetime, actor: Actor) -> Entry:
    """The customer has what the memo grants: a refund that was paid, or store credit. Until then it is owed."""
    target = {"refund": accounts.REFUNDS_PAID, "store_credit": accounts.STORE_CREDIT}[how]
    legs = transfer(debit=accounts.CUSTOMER_CREDIT, credit=target, amount=_total(memo), party_id=customer_id)
    entry = _book(
        kind=how, subject_type="ledger.creditmemo", subject_id=memo.pk, legs=legs, at=at, actor=actor, memo=memo
    )
    audit.record(verb="memo.settled", subject=memo, actor=actor, number=memo.full_number, how=how.replace("_", " "))
    return entry


@transaction.atomic
def book_accepted(*, claim_id: UUID, supplier_id: UUID, amount: Money, at: datetime, actor: Actor) -> Entry:
    """A supplier accepts to give this much: they owe us from now on."""
    legs = transfer(
        debit=accounts.SUPPLIER_RECEIVABLE, credit=accounts.SUPPLIER_RECOVERY, amount=amount, party_id=supplier_id
    )
    return _book_for_claim("claim_accepted", claim_id, legs, at, actor)


@transaction.atomic
def book_supplier_credit(*, claim_id: UUID, supplier_id: UUID, amount: Money, at: datetime, actor: Actor) -> Entry:
    """A supplier's credit, replacement, deduction or payment is here: they owe us less."""
    legs = transfer(
        debit=accounts.SUPPLIER_CREDIT, credit=accounts.SUPPLIER_RECEIVABLE, amount=amount, party_id=supplier_id
    )
    entry = _book_for_claim("supplier_credit", claim_id, legs, at, actor)
    facts.tell(SupplierCreditBooked(entry_id=entry.pk))
    return entry


@transaction.atomic
def book_write_off(*, claim_id: UUID, supplier_id: UUID, amount: Money, at: datetime, actor: Actor) -> Entry:
    """We give up on what a supplier accepted and will not give."""
    legs = transfer(debit=accounts.WRITE_OFF, credit=accounts.SUPPLIER_RECEIVABLE, amount=amount, party_id=supplier_id)
    return _book_for_claim("write_off", claim_id, legs, at, actor)


@transaction.atomic
def reverse(*, entry: Entry, at: datetime, actor: Actor) -> Entry:
    """Book the opposite of an entry; the database allows one reversal per entry."""
    legs = [Leg(p.account, Money(-p.amount_minor, p.currency), p.party_id) for p in entry.postings.all()]
    undone = _book(
        kind="reversal",
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        legs=legs,
        at=at,
        actor=actor,
        reverses=entry,
    )
    audit.record(verb="entry.reversed", subject=entry, actor=actor, amount=str(abs_money(legs[0].amount)))
    return undone


@transaction.atomic
def keep_document(*, memo: CreditMemo, pdf: bytes, template_version: str) -> MemoDocument:
    """File the rendered PDF of a memo, sealed under a key of its own, so that it can be erased alone."""
    file = files.store(
        data=pdf, key=files.new_key(), purpose="credit memo", media_type="application/pdf", retention="document"
    )
    document = MemoDocument.objects.create(memo=memo, file=file, template_version=template_version)
    audit.record(verb="memo.filed", subject=memo, actor=SYSTEM, seals=[document, file], number=memo.full_number)
    return document


def _use_limit(line: MemoLine) -> CreditLimit:
    """Raise the line's credited amount under its row lock; the constraint says the same once more."""
    CreditLimit.objects.bulk_create(
        [CreditLimit(line_id=line.line_id, currency=line.paid.currency, paid_minor=line.paid.minor)],
        ignore_conflicts=True,
    )
    limit = CreditLimit.objects.select_for_update().get(line_id=line.line_id)
    left = Money(limit.paid_minor - limit.credited_minor, limit.currency)
    if left < line.total:
        raise OverCredit(asked=str(line.total), left=str(left), paid=str(Money(limit.paid_minor, limit.currency)))
    limit.credited_minor += line.total.minor
    limit.save(update_fields=["credited_minor"])
    return limit


def _number_and_write(
    lines: Sequence[MemoLine],
    order_number: str,
    rma_number: str,
    reason: str,
    party: dict[str, Any],
    at: datetime,
    *,
    corrects: CreditMemo | None,
) -> CreditMemo:
    currency = lines[0].net.currency
    net = Money.total((line.net for line in lines), currency)
    tax = Money.total((line.tax for line in lines), currency)
    memo = CreditMemo.objects.create(
        series=SERIES,
        year=at.year,
        number=_next_number(at.year),
        issued_at=at,
        currency=currency,
        order_number=order_number,
        rma_number=rma_number,
        reason=reason[:300],
        party=party,
        net_minor=net.minor,
        tax_minor=tax.minor,
        total_minor=net.minor + tax.minor,
        corrects=corrects,
    )
    CreditMemoLine.objects.bulk_create(
        CreditMemoLine(
            memo=memo,
            position=position,
            line_id=line.line_id,
            description=line.description[:300],
            sku=line.sku,
            quantity=line.quantity,
            net_minor=line.net.minor,
            tax_minor=line.tax.minor,
            tax_rate_bp=tax_rate_bp(net=abs_money(line.net), tax=abs_money(line.tax)),
        )
        for position, line in enumerate(lines, start=1)
    )
    return memo


def _next_number(year: int) -> int:
    """The next number of the year; the row stays locked until commit, so that no number is lost or given twice."""
    Series.objects.bulk_create([Series(code=SERIES, year=year)], ignore_conflicts=True)
    series = Series.objects.select_for_update().get(code=SERIES, year=year)
    series.last_number += 1
    series.save(update_fields=["last_number"])
    return series.last_number


def _announce(
    memo: CreditMemo, *, customer_id: UUID, at: datetime, actor: Actor, limits: Sequence[CreditLimit] = ()
) -> None:
    """Book the memo, seal its content and the limits it stays within into the audit trail, and tell."""
    net, tax = Money(memo.net_minor, memo.currency), Money(memo.tax_minor, memo.currency)
    legs = [
        *([Leg(accounts.RETURNS_EXPENSE, net)] if net else []),
        *([Leg(accounts.OUTPUT_TAX, tax)] if tax else []),
        Leg(accounts.CUSTOMER_CREDIT, -(net + tax), customer_id),
    ]
    _book(kind="memo", subject_type="ledger.creditmemo", subject_id=memo.pk, legs=legs, at=at, actor=actor, memo=memo)
    total, digest = str(_total(memo)), digests.of_memo(memo)
    audit.record(
        verb="memo.issued", subject=memo, actor=actor, seals=limits,
        number=memo.full_number, total=total, digest=digest,
    )  # fmt: skip
    facts.tell(CreditMemoIssued(memo_id=memo.pk))


def _book_for_claim(kind: str, claim_id: UUID, legs: list[Leg], at: datetime, actor: Actor) -> Entry:
    return _book(kind=kind, subject_type="claims.claim", subject_id=claim_id, legs=legs, at=at, actor=actor)


def _book(
    *,
    kind: str,
    subject_type: str,
    subject_id: UUID,
    legs: Sequence[Leg],
    at: datetime,
    actor: Actor,
    memo: CreditMemo | None = None,
    reverses: Entry | None = None,
) -> Entry:
    """Write one balanced entry and seal its content into the audit trail, so that no later change goes unseen."""
    if not balanced(legs):
        raise NothingToBook()
    entry = Entry.objects.create(
        kind=kind, subject_type=subject_type, subject_id=subject_id, booked_at=at, memo=memo, reverses=reverses
    )
    Posting.objects.bulk_create(
        Posting(
            entry=entry,
            account=leg.account,
            amount_minor=leg.amount.minor,
            currency=leg.amount.currency,
            party_id=leg.party_id,
        )
        for leg in legs
    )
    amount, digest = str(abs_money(legs[0].amount)), digests.of_entry(entry)
    audit.record(
        verb="entry.booked", subject=entry, actor=actor, kind=kind.replace("_", " "), amount=amount, digest=digest
    )
    return entry


def _negated(line: CreditMemoLine, currency: str) -> MemoLine:
    return MemoLine(
        line_id=line.line_id,
        description=line.description,
        sku=line.sku,
        quantity=line.quantity,
        net=Money(-line.net_minor, currency),
        tax=Money(-line.tax_minor, currency),
        paid=Money(0, currency),
    )


def abs_money(amount: Money) -> Money:
    return -amount if amount.minor < 0 else amount


def _total(memo: CreditMemo) -> Money:
    return Money(memo.total_minor, memo.currency)
