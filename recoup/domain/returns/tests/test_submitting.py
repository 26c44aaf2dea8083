"""From a link to a return: made once, never for more than was bought, never for somebody else's item."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from recoup.domain.evidence import actions as evidence
from recoup.domain.returns import actions
from recoup.domain.returns.actions import Choice
from recoup.domain.returns.models import Return, ReturnLine
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts import queries as accounts
from recoup.foundation.audit.queries import trail
from recoup.foundation.facts.models import Fact
from recoup.kit import ids
from recoup.kit.refusal import NotFound

pytestmark = pytest.mark.django_db


def chosen(line: Any, **values: Any) -> Choice:
    return replace(Choice(order_line_id=line.pk, defect_type=make.defect().code), **values)


def test_a_link_opens_its_session_and_is_kept_as_a_hash_only() -> None:
    order = make.order()
    link, secret = make.link(order, secret=True)
    token = accounts.access_link(purpose="capture", secret=secret, now=make.NOW)
    assert token.subject_id == link.session_id and secret not in token.token_hash
    assert link.session.state == "open" and link.order == order


def test_submitting_makes_the_return_with_its_photos_and_tells() -> None:
    line = make.submitted(quantity=2, serial=" k17-000001 ")
    case = line.return_case
    assert (line.quantity, line.serial_typed, line.evidence, line.decision) == (2, "K17-000001", "collecting", "open")
    assert sorted(line.photos.values_list("shot", flat=True)) == ["close_up", "overall"]
    assert case.order_how == "link" and case.number.startswith("R-") and case.rma_number is None
    assert case.links.get().session.state == "submitted"
    assert Fact.objects.get(name="ReturnSubmitted").body == {"return_id": str(case.pk)}
    assert trail(case)[0].sentence == f"The customer sent in return {case.number}, 2 unit(s)."


def test_sent_twice_it_is_one_return() -> None:
    line = make.order_line()
    link = make.link(line.order)
    first = actions.submit(link=link, choice=chosen(line), at=make.NOW, actor=make.CUSTOMER)
    again = actions.submit(link=link, choice=chosen(line, quantity=2), at=make.NOW, actor=make.CUSTOMER)
    assert first == again and Return.objects.count() == 1 and ReturnLine.objects.get().quantity == 1
    assert Fact.objects.filter(name="ReturnSubmitted").count() == 1


def refused(link: Any, choice: Choice) -> str:
    """The refusal's sentence, with proof that nothing was written."""
    with pytest.raises(
        (actions.TooMany, actions.NoneLeft, actions.ChoiceMissing, NotFound, evidence.SessionClosed)
    ) as no:
        actions.submit(link=link, choice=choice, at=make.NOW, actor=make.CUSTOMER)
    link.refresh_from_db()
    assert link.return_case is None and not Fact.objects.exists()
    return no.value.say()


def test_more_than_was_bought_is_refused() -> None:
    line = make.order_line()
    said = refused(make.link(line.order), chosen(line, quantity=3))
    assert said == "3 is more than can come back of this item: 2 of 2. Choose 2 or fewer."


def test_what_is_in_another_return_cannot_come_back_again() -> None:
    line = make.order_line()
    make.submitted(line, quantity=2)
    link = make.link(line.order)
    with pytest.raises(actions.NoneLeft, match="All 2 of this item are in a return already"):
        actions.submit(link=link, choice=chosen(line), at=make.NOW, actor=make.CUSTOMER)
    assert Return.objects.count() == 1


def test_a_cancelled_return_frees_its_units() -> None:
    line = make.order_line()
    first = make.submitted(line, quantity=2)
    actions.cancel(line=first, reason="", at=make.NOW, actor=make.CUSTOMER)
    make.submitted(line, quantity=2)
    assert Return.objects.count() == 2


def test_an_item_of_somebody_elses_order_looks_missing() -> None:
    mine, theirs = make.order_line(), make.order_line()
    assert "nothing here for you" in refused(make.link(mine.order), chosen(theirs))
    assert "nothing here for you" in refused(make.link(mine.order), replace(chosen(mine), order_line_id=ids.new()))
    assert "nothing here for you" in refused(make.link(None), chosen(theirs))


def test_what_is_missing_is_asked_for() -> None:
    line = make.order_line()
    link = make.link(line.order)
    assert refused(link, replace(chosen(line), order_line_id=None)) == "Choose first which item it is."
    assert refused(link, chosen(line, defect_type="haunted")) == "Say first what is wrong with the item."
    assert refused(link, chosen(line, quantity=0)) == "Say how many units come back: 1 to 100,000."
    assert refused(link, chosen(line, quantity=10**12)) == "Say how many units come back: 1 to 100,000."


def test_a_closed_session_sends_nothing() -> None:
    line = make.order_line()
    link = make.link(line.order)
    evidence.close_session(session=link.session, actor=make.CUSTOMER)
    assert "takes no more photos" in refused(link, chosen(line))


def test_without_an_order_the_return_is_blind_and_keeps_the_number_typed() -> None:
    line = make.blind(number=" #2001 ")
    assert line.order_line is None and line.return_case.order_typed == "#2001" and line.return_case.order_how == ""


def test_a_draft_is_kept_until_it_is_sent() -> None:
    line = make.order_line()
    link = make.link(line.order)
    draft = {"order_line_id": str(line.pk), "quantity": 2, "words": "It\x00 leaks", "mood": "sad", "serial": ""}
    actions.choose(link=link, draft=draft, at=make.NOW, actor=make.CUSTOMER)
    link.refresh_from_db()
    assert link.draft == {"order_line_id": str(line.pk), "quantity": 2, "words": "It leaks"}
    actions.submit(link=link, choice=chosen(line), at=make.NOW, actor=make.CUSTOMER)
    actions.choose(link=link, draft={"quantity": 1}, at=make.NOW, actor=make.CUSTOMER)
    link.refresh_from_db()
    assert link.draft["quantity"] == 2


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        ({"order_line_id": "x"}, NotFound),
        ({"quantity": "1.5"}, actions.ChoiceMissing),
        ({"quantity": "many"}, actions.ChoiceMissing),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(draft: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        Choice.of(draft)


def test_a_form_is_read() -> None:
    line = ids.new()
    choice = Choice.of(
        {"order_line_id": str(line), "defect_type": "leaks", "quantity": " 2 ", "serial": None, "words": "w\x00"}
    )
    assert choice == Choice(order_line_id=line, defect_type="leaks", quantity=2, words="w")
    assert Choice.of({}) == Choice(order_line_id=None, defect_type="")
