"""A line was approved: post what they get, tell the customer and the warehouse, and let the supplier's claim gather it."""

from __future__ import annotations

from django.utils import timezone

from recoup.domain.claims import actions as claims
from recoup.domain.ledger.actions import NothingToCredit, OverCredit
from recoup.domain.returns import actions, letters, queries
from recoup.domain.returns.facts import ReturnLineApproved
from recoup.foundation.facts.flows import flow
from recoup.kit.actor import SYSTEM


@flow
def pay_customer(fact: ReturnLineApproved) -> None:
    """A refund then waits for finance. What cannot be posted is kept with its reason, for a person; it never vanishes into retries."""
    for remedy in queries.remedies_to_post(fact.line_id):
        try:
            actions.post_remedy(remedy=remedy, at=timezone.now(), actor=SYSTEM)
        except (OverCredit, NothingToCredit) as refusal:
            unpaid = queries.remedy_of(remedy.pk)
            actions.fail_remedy(remedy=unpaid, why=refusal.say(), at=timezone.now(), actor=SYSTEM)


@flow
def tell_customer_approved(fact: ReturnLineApproved) -> None:
    letters.approved(line=queries.line_of(fact.line_id), actor=SYSTEM)


@flow
def tell_logistics(fact: ReturnLineApproved) -> None:
    letters.goods_announced(line=queries.line_of(fact.line_id), actor=SYSTEM)


@flow
def gather_claim(fact: ReturnLineApproved) -> None:
    claims.gather(return_line=queries.line_of(fact.line_id), at=timezone.now(), actor=SYSTEM)
