"""What comes back on a claim, and the end of its file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from recoup.domain.claims import actions, part_queries, queries
from recoup.domain.claims.rules.amounts import Match
from recoup.domain.claims.rules.closeout import CloseoutLines
from recoup.domain.claims.states import CLOSEOUT_LINES
from recoup.web.desk import claim_words as words
from recoup.web.desk import typed
from recoup.web.desk.doors import DeskRequest, onward, show, staff_only


@staff_only("finance", "buyer")
@require_GET
def proposal(request: DeskRequest, number: str) -> HttpResponseBase:
    """How the amount being typed would be matched to lines; nothing while it is no amount yet."""
    claim = queries.access_claim(request.actor, number)
    wanted = request.GET.get("amount", "").strip()
    found = queries.recovery_proposal(request.actor, number, typed.amount(wanted, claim.currency)) if wanted else None
    return show(request, "desk/claim_proposal.html", proposal=found, currency=claim.currency)


@staff_only("finance", "buyer")
@require_POST
def record(request: DeskRequest, number: str) -> HttpResponseBase:
    """What came back: recorded once, booked, and matched as the person confirmed, else as proposed."""
    claim, form = queries.access_claim(request.actor, number), request.POST
    chosen = _matches(form, claim.currency)
    recovery = actions.record_recovery(
        claim=claim, kind=form.get("kind", ""), reference=typed.text(form, "reference"), dated=typed.day(form.get("dated", "")),
        amount=typed.amount(form.get("amount", ""), claim.currency), matches=chosen if "matched" in form else None,
        at=timezone.now(), actor=request.actor,
    )  # fmt: skip
    return onward(request, words.address(number, "recovery"), said=f"{recovery.reference} is recorded and booked.")


@staff_only("finance", "buyer")
@require_POST
def match(request: DeskRequest, number: str, recovery_id: UUID) -> HttpResponseBase:
    """More of a recovery finds its lines."""
    recovery = part_queries.access_recovery(request.actor, number, recovery_id)
    chosen = _matches(request.POST, recovery.currency)
    actions.match(recovery=recovery, matches=chosen, at=timezone.now(), actor=request.actor)
    return onward(request, words.address(number, "recovery"), said="Matched.")


def _matches(form: Any, currency: str) -> list[Match]:
    """Every field "match-<line>" that has an amount other than nought."""
    given = ((name.removeprefix("match-"), form.get(name, "").strip()) for name in form if name.startswith("match-"))
    found = ((typed.uuid(line), typed.amount(text, currency).minor) for line, text in given if text)
    return [Match(line, minor) for line, minor in found if line and minor]


@staff_only("finance", "buyer")
@require_POST
def write_off(request: DeskRequest, number: str) -> HttpResponseBase:
    claim = queries.access_claim(request.actor, number)
    lost = actions.write_off(
        claim=claim, reason=typed.text(request.POST, "reason"), at=timezone.now(), actor=request.actor
    )
    return onward(request, words.address(number, "recovery"), said=f"{lost} is written off; nothing is open any more.")


@staff_only("buyer")
@require_POST
def closeout(request: DeskRequest, number: str) -> HttpResponseBase:
    """Six lines that end the file; each edit is a new version."""
    claim = queries.access_claim(request.actor, number)
    lines = CloseoutLines(**_lines(request.POST, CLOSEOUT_LINES))
    note = actions.write_closeout(claim=claim, lines=lines, actor=request.actor)
    return onward(
        request, words.address(number, "recovery"), said=f"Version {note.number} of the closeout note is kept."
    )


def _lines(form: Any, names: Iterable[str]) -> dict[str, str]:
    return {name: typed.text(form, name) for name in names}


@staff_only("buyer")
@require_POST
def close(request: DeskRequest, number: str) -> HttpResponseBase:
    claim = queries.access_claim(request.actor, number)
    actions.close(claim=claim, at=timezone.now(), actor=request.actor)
    return onward(
        request, words.address(number, "recovery"), said="Closed. All four readers find their answer in the file."
    )


@staff_only("buyer")
@require_POST
def reopen(request: DeskRequest, number: str) -> HttpResponseBase:
    claim = queries.access_claim(request.actor, number)
    again = actions.reopen(claim=claim, why=typed.text(request.POST, "why"), at=timezone.now(), actor=request.actor)
    said = f"Open again: {again} is written off no more." if again else "Open again."
    return onward(request, "desk:claim", number, said=said)


@staff_only("buyer")
@require_POST
def settle(request: DeskRequest, number: str) -> HttpResponseBase:
    """Nothing came of opening it again."""
    claim = queries.access_claim(request.actor, number)
    actions.settle_again(claim=claim, actor=request.actor)
    return onward(request, words.address(number, "recovery"), said="Settled as before.")
