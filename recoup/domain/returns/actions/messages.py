"""A word between the parties of a case."""

from __future__ import annotations

from django.db import transaction

from recoup.domain.returns.actions.holding import hold
from recoup.domain.returns.models import Message, Return
from recoup.foundation.audit import actions as audit
from recoup.kit.actor import Actor
from recoup.kit.refusal import Refusal

_LONGEST = 4000


class NothingSaid(Refusal):
    code, status = "returns.nothing_said", 422
    sentence = "Write a few words first."


@transaction.atomic
def write_message(*, return_case: Return, body: str, audience: str, actor: Actor) -> Message:
    """``audience``: customer (both sides read it) or staff (only we do). A customer writes to both.

    Raises NotAllowed, NothingSaid.
    """
    if actor.kind != "customer":
        actor.must("agent", "quality", "finance", "warehouse", "buyer")
    words = body.replace("\x00", "").strip()[:_LONGEST]
    if not words:
        raise NothingSaid()
    case = hold(return_case.pk)
    seen_by = "customer" if actor.kind == "customer" else audience
    message = Message.objects.create(
        return_case=case, audience=seen_by, body=words, author_kind=actor.kind, author_name=actor.name
    )
    audit.record(
        verb="return.message", subject=case, actor=actor, audience="the customer" if seen_by == "customer" else "staff"
    )
    return message
