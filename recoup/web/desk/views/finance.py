"""Finance: what has to be paid, what was paid, memos with their PDF, and the books, which add up to zero."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from recoup.domain.ledger import document, queries
from recoup.domain.returns import actions
from recoup.domain.returns import queries as returns
from recoup.domain.suppliers import queries as suppliers
from recoup.domain.warehouse import queries as warehouse
from recoup.foundation.files import queries as files
from recoup.kit.money import Money
from recoup.web.desk import typed
from recoup.web.desk.doors import DeskRequest, onward, show, staff_only

#: What each account means, for somebody who keeps no books.
ACCOUNTS = {
    "customer_credit": "Owed to customers: granted and not paid yet",
    "returns_expense": "What returns cost us, without tax",
    "output_tax": "Sales tax given back",
    "refunds_paid": "Refunds paid",
    "store_credit": "Store credit that customers hold",
    "supplier_receivable": "Accepted by suppliers and not received yet",
    "supplier_recovery": "What claims bring back",
    "supplier_credit": "Received from suppliers",
    "write_off": "Given up",
}


@dataclass(frozen=True, slots=True)
class Book:
    """The trial balance of one currency: (account, meaning, debit, credit) and what is left, which must be zero."""

    currency: str
    rows: list[tuple[str, str, Money | None, Money | None]]
    debit: Money
    credit: Money
    left: Money


@staff_only("finance")
@require_GET
def page(request: DeskRequest) -> HttpResponseBase:
    names = {each.pk: each.name for each in suppliers.suppliers()}
    owed = queries.open_by_party(account="supplier_receivable")
    to_pay = returns.to_pay(actor=request.actor, limit=100)
    gaps = warehouse.gaps(each.line_id for each in to_pay.rows)
    return show(
        request,
        "desk/finance.html",
        room="desk:finance",
        memos=queries.memos(actor=request.actor, limit=100),
        to_pay=to_pay,
        rows_to_pay=[(each, gaps.get(each.line_id, "")) for each in to_pay.rows],
        today=timezone.now().date(),
        on_the_way=returns.on_the_way(actor=request.actor, limit=100),
        payouts=returns.payouts(actor=request.actor, limit=100),
        owed=[(names.get(party, "a supplier that is gone"), amount) for party, amount in owed],
        books=[_book(currency, table) for currency, table in queries.trial_balance().items()],
    )


@staff_only("finance")
@require_POST
def paid(request: DeskRequest, remedy_id: UUID) -> HttpResponseBase:
    """The refund has been paid, under this reference; without a day, today."""
    now = timezone.now()
    remedy = actions.mark_paid(
        remedy=returns.access_remedy(actor=request.actor, remedy_id=remedy_id),
        reference=typed.text(request.POST, "reference"),
        paid_on=typed.day_if_any(typed.text(request.POST, "paid_on")) or now.date(),
        at=now,
        actor=request.actor,
    )
    amount = Money(remedy.amount_minor, remedy.currency)
    return onward(request, "desk:finance", said=f"{amount} is marked as paid. The customer’s page says so now.")


def _book(currency: str, table: dict[str, int]) -> Book:
    def side(minor: int) -> Money | None:
        return Money(minor, currency) if minor > 0 else None

    rows = [(account, ACCOUNTS.get(account, ""), side(minor), side(-minor)) for account, minor in table.items()]
    debit = Money(sum(minor for minor in table.values() if minor > 0), currency)
    credit = Money(-sum(minor for minor in table.values() if minor < 0), currency)
    return Book(currency, rows, debit, credit, debit - credit)


@staff_only("finance", "agent", "buyer", "quality")
@require_GET
def memo(request: DeskRequest, number: str) -> HttpResponseBase:
    """The memo as PDF: the document that was kept; until it is kept, the same bytes, typeset now."""
    row = queries.access_memo(actor=request.actor, number=number)
    if row.document:
        data = files.read(row.document.file)
    else:
        data = document.render_memo(row.memo, seller=settings.RECOUP_SITE_NAME, address=settings.RECOUP_COMPANY_ADDRESS)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.memo.full_number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
