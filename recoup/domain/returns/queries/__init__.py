"""Everything that pages and flows read about returns, one file per page."""

from recoup.domain.returns.queries.capture import (
    Capture,
    CapturePage,
    Item,
    Kind,
    ShotAsked,
    access_capture,
    capture_page,
)
from recoup.domain.returns.queries.case import (
    CaseLine,
    CasePage,
    CasePhoto,
    MoneyBox,
    Proposal,
    RemedySeen,
    case_page,
)
from recoup.domain.returns.queries.finding import Hit, find_rma, search
from recoup.domain.returns.queries.following import (
    Recipient,
    blind_returns,
    last_of,
    line_of,
    lines_of,
    newest_link,
    only_line,
    recipient,
    remedies_to_post,
    remedy_of,
    return_of,
    return_of_session,
)
from recoup.domain.returns.queries.money import Payout, ToPay, access_remedy, payouts, to_pay
from recoup.domain.returns.queries.queue import DRAWERS, Queue, QueueRow, desk_queue
from recoup.domain.returns.queries.reading import READERS, access_case, access_line, shot_words
from recoup.domain.returns.queries.similar import Similar, similar_cases
from recoup.domain.returns.queries.status import StatusLine, StatusPage, Step, status_page
from recoup.domain.returns.queries.timeline import Event, timeline

__all__ = [
    "DRAWERS",
    "READERS",
    "Capture",
    "CapturePage",
    "CaseLine",
    "CasePage",
    "CasePhoto",
    "Event",
    "Hit",
    "Item",
    "Kind",
    "MoneyBox",
    "Payout",
    "Proposal",
    "Queue",
    "QueueRow",
    "Recipient",
    "RemedySeen",
    "ShotAsked",
    "Similar",
    "StatusLine",
    "StatusPage",
    "Step",
    "ToPay",
    "access_capture",
    "access_case",
    "access_line",
    "access_remedy",
    "blind_returns",
    "capture_page",
    "case_page",
    "desk_queue",
    "find_rma",
    "last_of",
    "line_of",
    "lines_of",
    "newest_link",
    "only_line",
    "payouts",
    "recipient",
    "remedies_to_post",
    "remedy_of",
    "return_of",
    "return_of_session",
    "search",
    "shot_words",
    "similar_cases",
    "status_page",
    "timeline",
    "to_pay",
]
