"""Everything that happened in a case, in one list: the audit trails of all that belongs to it, and its messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from recoup.domain.evidence.models import CaptureSession, Photo
from recoup.domain.ledger.models import CreditMemo
from recoup.domain.returns.models import CaptureLink, Message, Return, ReturnLine
from recoup.foundation.audit.queries import Line, trail


@dataclass(frozen=True, slots=True)
class Event:
    """``audience``: who can know it: staff, customer, logistics, finance or supplier. ``body`` is a message's text."""

    at: datetime
    actor: str
    sentence: str
    audience: str
    verb: str
    body: str = ""


def timeline(
    case: Return,
    lines: Iterable[ReturnLine],
    photo_ids: Iterable[UUID],
    messages: Iterable[Message],
    session_ids: Iterable[UUID],
    link_ids: Iterable[UUID],
) -> Sequence[Event]:
    """The oldest first."""
    photos = [Photo(pk=photo_id) for photo_id in dict.fromkeys(photo_ids)]
    sessions = [CaptureSession(pk=session_id) for session_id in session_ids]
    links = [CaptureLink(pk=link_id) for link_id in link_ids]
    memos = [CreditMemo(pk=remedy.memo_id) for line in lines for remedy in line.remedies.all() if remedy.memo_id]
    events = [_event(line) for line in trail(case, *photos, *sessions, *links, *memos) if line.verb != "return.message"]
    events += [
        Event(each.created_at, each.author_name, f"{each.author_name} wrote:", each.audience, "message", each.body)
        for each in messages
    ]
    return sorted(events, key=lambda event: event.at)


def _event(line: Line) -> Event:
    return Event(line.at, line.actor, line.sentence, _audience(line), line.verb)


def _audience(line: Line) -> str:
    """Notices say to whom; what the customer did or was shown is theirs; all else is ours."""
    if line.verb.startswith("notice."):
        return str(line.facts.get("audience", "staff")).removeprefix("the ")
    theirs = line.actor_kind == "customer" or line.verb in _SHOWN
    # Posting is our own work, but for store credit: that is given by it.
    theirs = theirs or (line.verb == "remedy.posted" and line.facts.get("kind") == "store_credit")
    return "customer" if theirs else "staff"


_SHOWN = {
    "line.approved",
    "line.refused",
    "line.more_asked",
    "line.goods_received",
    "remedy.paid",
    "remedy.fulfilled",
}
