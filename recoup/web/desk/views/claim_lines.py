"""What a person says about one line of a claim: that it stays, although something else or less came back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.views.decorators.http import require_POST

from recoup.domain.claims import actions, part_queries
from recoup.web.desk import claim_words as words
from recoup.web.desk import typed
from recoup.web.desk.doors import DeskRequest, onward, staff_only


@staff_only("buyer", "quality")
@require_POST
def keep(request: DeskRequest, number: str, line_id: UUID) -> HttpResponseBase:
    line = part_queries.access_claim_line(request.actor, number, line_id)
    actions.keep_line(line=line, why=typed.text(request.POST, "why"), actor=request.actor)
    return onward(request, words.address(number, "what_happened"), said="The line stays. Your reason is kept.")
