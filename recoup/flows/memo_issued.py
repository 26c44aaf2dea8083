"""A credit memo was issued: its PDF is typeset once and kept, so that the page shows for good what was sent."""

from __future__ import annotations

from django.conf import settings

from recoup.domain.ledger import actions, document, queries
from recoup.domain.ledger.facts import CreditMemoIssued
from recoup.foundation.facts.flows import flow


def _typeset(fact: CreditMemoIssued) -> bytes:
    return document.render_memo(
        queries.memo(memo_id=fact.memo_id), seller=settings.RECOUP_SITE_NAME, address=settings.RECOUP_COMPANY_ADDRESS
    )


@flow(before=_typeset)
def keep_memo_document(fact: CreditMemoIssued, pdf: bytes) -> None:
    actions.keep_document(memo=queries.memo(memo_id=fact.memo_id), pdf=pdf, template_version=document.TEMPLATE_VERSION)
