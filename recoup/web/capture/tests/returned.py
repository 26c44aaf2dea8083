"""A return in each state that a customer can see it in."""

from __future__ import annotations

from collections.abc import Callable

from recoup.domain.returns import actions
from recoup.domain.returns.models import Remedy, ReturnLine
from recoup.domain.returns.tests import factories as make
from recoup.kit.actor import SYSTEM


def need_more() -> ReturnLine:
    line = make.to_agent()
    actions.ask(line=line, shots=["serial_label"], reason="The label is cut off. Show all of it, please.", at=make.NOW, actor=make.agent())  # fmt: skip
    return line


def order_wanted() -> ReturnLine:
    line = make.blind()
    actions.verify(return_case=line.return_case, at=make.NOW, actor=SYSTEM)
    return line


def approved(remedy: str = "refund", *, goods_back: bool = True) -> ReturnLine:
    line = make.to_agent()
    actions.approve(line=line, remedy=remedy, reason="Clear.", at=make.NOW, actor=make.agent(), goods_back=goods_back)
    return line


def received() -> ReturnLine:
    line = approved()
    actions.receive_goods(line=line, at=make.NOW, actor=make.WAREHOUSE)
    return line


def posted(remedy: str = "refund") -> ReturnLine:
    line = approved(remedy, goods_back=False)
    actions.post_remedy(remedy=Remedy.objects.get(line=line), at=make.NOW, actor=SYSTEM)
    return line


def money_sent() -> ReturnLine:
    line = posted()
    finance, how = make.agent("finance"), {"reference": "BANK-2026-0417", "paid_on": make.NOW.date()}
    actions.mark_paid(remedy=Remedy.objects.get(line=line), at=make.NOW, actor=finance, **how)  # type: ignore[arg-type]  # a dict of two types
    return line


def replaced() -> ReturnLine:
    line = posted("replacement")
    actions.fulfil(remedy=Remedy.objects.get(line=line), note="DHL 00340434161094042557", actor=make.agent())
    return line


def refused() -> ReturnLine:
    line = make.to_agent()
    actions.refuse(line=line, reason="The photos show wear after years of use, which the warranty leaves out.", at=make.NOW, actor=make.agent())  # fmt: skip
    return line


def cancelled() -> ReturnLine:
    line = make.to_agent()
    actions.cancel(line=line, reason="The customer takes it back.", at=make.NOW, actor=make.CUSTOMER)
    return line


STATES: dict[str, Callable[[], ReturnLine]] = {
    "need_more": need_more,
    "looking": make.submitted,
    "order_wanted": order_wanted,
    "send_back": approved,
    "approved": lambda: approved(goods_back=False),
    "received": received,
    "money_sent": money_sent,
    "credit_given": lambda: posted("store_credit"),
    "replaced": replaced,
    "refused": refused,
    "cancelled": cancelled,
}


def at(line: ReturnLine) -> str:
    """The path of the customer's page about it, by a new secret."""
    link = line.return_case.links.order_by("-created_at")[0]
    return f"/c/{actions.new_secret(link=link, expires_at=make.LATER, actor=make.CUSTOMER)}/"
