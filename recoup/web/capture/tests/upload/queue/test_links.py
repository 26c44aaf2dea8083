"""Whose photos the phone keeps: those of one link never show under another, unless it is the same return's next one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import expect

from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.models import CaptureSession
from recoup.domain.returns import actions
from recoup.domain.returns.models import CaptureLink
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts.models import LinkToken
from recoup.web.capture.tests.upload.queue.customer import (
    MIB,
    Customer,
    Line,
    all_arrived,
    cards,
    new_link,
    nothing_kept,
    requests,
    sent_at_least,
    take,
    would_ask_before_closing,
)
from recoup.web.tests.in_a_browser import MARKS, picture

pytestmark = MARKS
Photos = Callable[..., Path]


def test_a_new_link_of_the_same_order_takes_over_what_an_ended_one_could_not_send(
    customer: Customer, photo: Photos
) -> None:
    page, one = customer.open(), photo(4)
    Line(page).set(upload=MIB)
    take(page, one)
    sent_at_least(page, 0.3)
    end(customer.link)
    expect(cards(page).filter(has_text="Nothing is lost")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="the rest is kept on this phone")).to_be_visible()
    picture(page, "queue-ended")
    page.close()
    earlier, (customer.link, address) = customer.link, new_link(customer.link.order)
    actions.choose(link=customer.link, draft=earlier.draft, actor=make.CUSTOMER)
    page = customer.open(address)
    all_arrived(page, 1)
    customer.sent(one)
    nothing_kept(page)


def test_a_new_secret_of_the_same_link_goes_on_with_the_same_upload(customer: Customer, photo: Photos) -> None:
    page, one = customer.open(), photo(4)
    Line(page).set(upload=MIB)
    take(page, one)
    sent_at_least(page, 0.3)
    page.close()
    until = timezone.now() + dt.timedelta(days=1)
    secret = actions.new_secret(link=customer.link, expires_at=until, actor=make.CUSTOMER)
    page = customer.open(f"/c/{secret}/")
    all_arrived(page, 1)
    customer.sent(one)
    assert customer.bytes_received() - 4 * MIB <= MIB


def test_another_link_shows_and_sends_nothing_of_it(customer: Customer, photo: Photos) -> None:
    page, one = customer.open(), photo(4)
    Line(page).set(upload=MIB)
    take(page, one)
    sent_at_least(page, 0.1)
    page.close()
    mine = customer.link
    customer.link, address = new_link(mine.order)  # the first link still lives
    actions.choose(link=customer.link, draft=mine.draft, actor=make.CUSTOMER)
    other = customer.open(address)
    methods = requests(other)
    other.reload()
    expect(other.get_by_role("heading", name="Show all of it")).to_be_visible()
    expect(cards(other)).to_have_count(0)
    assert methods == []
    customer.link = mine
    all_arrived(customer.open(), 1)
    customer.sent(one)


def test_a_session_that_takes_no_more_keeps_the_photo_on_the_phone(customer: Customer, photo: Photos) -> None:
    page = customer.open()
    evidence.close_session(session=customer.link.session, actor=make.CUSTOMER)
    take(page, photo(1))
    expect(cards(page).filter(has_text="This link takes no more photos")).to_be_visible()
    expect(cards(page).get_by_role("button", name="Try again")).to_be_visible()
    assert not would_ask_before_closing(page)


def end(link: CaptureLink) -> None:
    """The link's time is over, as if days had gone by."""
    LinkToken.objects.filter(subject_id=link.session_id).update(expires_at=timezone.now())
    CaptureSession.objects.filter(pk=link.session_id).update(expires_at=timezone.now())
