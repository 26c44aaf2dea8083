"""A claim is trimmed before it is sent: a line stays with a reason or is taken out, or nothing is claimed at all."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.views.decorators.http import require_POST

from recoup.domain.claims import actions, part_queries, queries
from recoup.web.desk import claim_words as words
from recoup.web.desk import typed
from recoup.web.desk.doors import DeskRequest, onward, staff_only


@staff_only("buyer", "quality")
@require_POST
def keep(request: DeskRequest, number: str, line_id: UUID) -> HttpResponseBase:
    line = part_queries.access_claim_line(request.actor, number, line_id)
    actions.keep_line(line=line, why=typed.text(request.POST, "why"), actor=request.actor)
    return onward(request, words.address(number, "what_happened"), said="The line stays. Your reason is kept.")


@staff_only("buyer", "quality")
@require_POST
def take_out(request: DeskRequest, number: str, line_id: UUID) -> HttpResponseBase:
    line = part_queries.access_claim_line(request.actor, number, line_id)
    actions.take_out(line=line, why=typed.text(request.POST, "why"), actor=request.actor)
    said = "Taken out. It stands under Claims, “Taken out”, and can be gathered again there."
    return onward(request, words.address(number, "what_happened"), said=said)


@staff_only("buyer")
@require_POST
def drop(request: DeskRequest, number: str) -> HttpResponseBase:
    """Nothing of this claim is claimed."""
    claim = queries.access_claim(request.actor, number)
    actions.drop(claim=claim, why=typed.text(request.POST, "why"), actor=request.actor)
    return onward(request, words.address(number, "what_happened"), said="Not claimed. Your reason is kept.")
