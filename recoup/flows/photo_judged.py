"""A photo was judged, or sent although we would have liked a better one: it becomes evidence, and may decide the case.

One job from the verdict to the decision, so that the customer who waits sees it within a breath.
"""

from __future__ import annotations

from django.utils import timezone

from recoup.domain.evidence import queries as evidence
from recoup.domain.evidence.facts import PhotoJudged, PhotoSentAnyway
from recoup.domain.returns import actions
from recoup.foundation.facts.flows import flow
from recoup.kit.actor import SYSTEM


@flow
def attach_and_verify(fact: PhotoJudged) -> None:
    actions.photo_judged(photo=evidence.photo(photo_id=fact.photo_id), at=timezone.now(), actor=SYSTEM)


@flow
def verify_sent_anyway(fact: PhotoSentAnyway) -> None:
    actions.photo_judged(photo=evidence.photo(photo_id=fact.photo_id), at=timezone.now(), actor=SYSTEM)
