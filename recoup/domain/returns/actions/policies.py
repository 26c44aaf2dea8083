"""The decision table in force, and publishing the next version of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Max

from recoup.domain.returns.models import Policy
from recoup.domain.returns.rules.policy import BadTable, check_table, read_table
from recoup.domain.returns.starter import FIRST_POLICY
from recoup.foundation.audit import actions as audit
from recoup.foundation.database.locks import advisory
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.refusal import Refusal

_PUBLISHING = "returns.policy"


class PolicyUnfit(Refusal):
    code, status = "returns.policy_unfit", 422
    sentence = "This policy cannot be published. {why}"


@transaction.atomic
def publish_policy(*, rows: Sequence[Mapping[str, Any]], at: datetime, actor: Actor) -> Policy:
    """Make these rows the policy from now on, as a new version. Raises NotAllowed, PolicyUnfit."""
    actor.must("quality")
    if why := _unfit(json.dumps(list(rows), sort_keys=True)):
        raise PolicyUnfit(why=why)
    with advisory(_PUBLISHING):
        version = (Policy.objects.aggregate(last=Max("version"))["last"] or 0) + 1
        policy = Policy.objects.create(version=version, rows=list(rows), published_at=at)
    audit.record(verb="policy.published", subject=policy, actor=actor, version=version, rows=len(rows))
    return policy


@lru_cache(maxsize=16)
def _unfit(rows: str) -> str:
    """Why these rows (as JSON) are no policy; '' when they are. Thousands of cases are tried, so the answer is kept."""
    try:
        check_table(read_table(json.loads(rows)))
    except BadTable as bad:
        return str(bad)
    return ""


@transaction.atomic
def policy_in_force(*, at: datetime) -> Policy:
    """The latest published version. A new installation gets the starter's, once."""
    published = Policy.objects.filter(published_at__isnull=False).order_by("-version")
    if policy := published.first():
        return policy
    with advisory(_PUBLISHING):
        return published.first() or publish_policy(rows=FIRST_POLICY, at=at, actor=SYSTEM)
