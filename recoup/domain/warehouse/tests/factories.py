"""An approved return whose goods are on their way, and a warehouse to take them in."""

from __future__ import annotations

from recoup.domain.returns import actions as returns
from recoup.domain.returns.models import ReturnLine
from recoup.domain.returns.tests import factories as made
from recoup.domain.warehouse import actions
from recoup.domain.warehouse.models import Site
from recoup.kit.actor import SYSTEM

WORKER = made.WAREHOUSE


def site() -> Site:
    return actions.open_site(code="MAIN", name="Main warehouse", actor=SYSTEM)


def approved(*, quantity: int = 1) -> ReturnLine:
    line = made.submitted(quantity=quantity)
    returns.approve(line=line, remedy="refund", reason="It is broken", at=made.NOW, actor=made.agent())
    return ReturnLine.objects.get(pk=line.pk)
