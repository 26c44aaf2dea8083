"""Which earlier sessions a new link takes over: those that are over, of the same return, or of the same order before it."""

from __future__ import annotations

import pytest

from recoup.domain.evidence import actions as evidence
from recoup.domain.returns import actions, queries
from recoup.domain.returns.models import CaptureLink
from recoup.domain.returns.tests import factories as make

pytestmark = pytest.mark.django_db


def over(link: CaptureLink) -> CaptureLink:
    evidence.close_session(session=link.session, actor=make.CUSTOMER)
    return link


def test_of_the_same_order_what_ended_without_a_return() -> None:
    order = make.order()
    ended, _alive = over(make.link(order)), make.link(order)
    over(make.link(make.order()))
    assert queries.sessions_taken_over(make.link(order), make.NOW) == [ended.session_id]


def test_what_has_run_out_has_ended() -> None:
    order = make.order()
    first, second = make.link(order), make.link(order)
    assert queries.sessions_taken_over(second, make.NOW) == []
    assert queries.sessions_taken_over(second, make.LATER) == [first.session_id]


def test_what_was_withdrawn_has_ended() -> None:
    order = make.order()
    first = make.link(order)
    actions.withdraw_links(about=order, at=make.NOW, actor=make.agent())
    assert queries.sessions_taken_over(make.link(order), make.NOW) == [first.session_id]


def test_of_the_same_return_whatever_was_sent_in_and_nothing_of_the_orders_other_return() -> None:
    line = make.submitted()
    order, case = line.return_case.order, line.return_case
    over(make.link(order))
    asked = make.link(order, return_case=case)
    assert queries.sessions_taken_over(asked, make.NOW) == [case.links.earliest("created_at").session_id]


def test_a_later_link_and_a_blind_one_give_nothing() -> None:
    order = make.order()
    first, blind = make.link(order), make.link(None)
    over(make.link(order))
    over(make.link(None))
    assert queries.sessions_taken_over(first, make.NOW) == []
    assert queries.sessions_taken_over(blind, make.NOW) == []
