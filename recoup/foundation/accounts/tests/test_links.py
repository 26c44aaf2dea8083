"""Links: 256 bits, kept as a hash, expiring, withdrawn in a second."""

from __future__ import annotations

import base64
import datetime
import uuid

import pytest
from django.utils import timezone

from recoup.foundation.accounts import actions, queries
from recoup.foundation.accounts.models import LinkToken
from recoup.foundation.audit import queries as audit
from recoup.foundation.audit.models import Record
from recoup.kit.actor import SYSTEM
from recoup.kit.refusal import NotFound, Refusal

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2025, 6, 1, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
CASE = uuid.UUID(int=77)


def mint(purpose: str = "capture") -> str:
    return actions.mint_link(purpose=purpose, subject_id=CASE, expires_at=NOW + HOUR, actor=SYSTEM)


def test_the_secret_is_256_bits_and_nowhere_stored() -> None:
    secret = mint()
    assert len(base64.urlsafe_b64decode(secret + "=")) == 32
    kept = [*LinkToken.objects.values(), *Record.objects.values()]
    assert secret not in repr(kept)
    assert mint() != secret


def test_it_opens_its_subject_until_it_expires() -> None:
    secret = mint()
    token = queries.access_link(purpose="capture", secret=secret, now=NOW + HOUR - datetime.timedelta(seconds=1))
    assert token.subject_id == CASE
    with pytest.raises(queries.LinkExpired, match=r"2025-06-01.*new one") as caught:
        queries.access_link(purpose="capture", secret=secret, now=NOW + HOUR)
    assert caught.value.status == 410


def test_unknown_foreign_and_withdrawn_look_alike() -> None:
    secret, foreign = mint(), mint("supplier")
    token = queries.access_link(purpose="capture", secret=secret, now=NOW)
    assert actions.revoke_link(token=token, actor=SYSTEM)
    answers = set()
    for wrong in (secret, foreign, "unknown", "", "ü\ud800", secret[:-1], secret.swapcase()):
        for now in (NOW, NOW + 2 * HOUR):
            if (wrong, now) == (foreign, NOW + 2 * HOUR):
                continue
            with pytest.raises(Refusal) as caught:
                queries.access_link(purpose="capture", secret=wrong, now=now)
            answers.add((type(caught.value), str(caught.value.as_json())))
    assert [kind for kind, _ in answers] == [NotFound]


def test_foreign_and_expired_is_still_just_not_found() -> None:
    secret = mint("supplier")
    with pytest.raises(NotFound):
        queries.access_link(purpose="capture", secret=secret, now=NOW + 2 * HOUR)


def test_withdrawing_is_kept_once() -> None:
    token = queries.access_link(purpose="capture", secret=mint(), now=NOW)
    assert actions.revoke_link(token=token, actor=SYSTEM, now=NOW)
    assert not actions.revoke_link(token=token, actor=SYSTEM, now=NOW + HOUR)
    token.refresh_from_db()
    assert token.revoked_at == NOW
    assert [line.sentence for line in audit.trail(token)] == [
        "Recoup made a capture link that works until 2025-06-01 13:00 UTC.",
        "Recoup withdrew this capture link.",
    ]


def test_withdrawing_all_of_a_subject_spares_the_others() -> None:
    mint(), mint()
    other = actions.mint_link(purpose="capture", subject_id=uuid.UUID(int=78), expires_at=NOW + HOUR, actor=SYSTEM)
    supplier = mint("supplier")
    assert len(queries.live_links(purpose="capture", subject_id=CASE, now=NOW)) == 2
    assert actions.revoke_links(purpose="capture", subject_id=CASE, actor=SYSTEM) == 2
    assert queries.live_links(purpose="capture", subject_id=CASE, now=NOW) == []
    assert queries.access_link(purpose="capture", secret=other, now=NOW)
    assert queries.access_link(purpose="supplier", secret=supplier, now=NOW)


def test_visits_are_counted() -> None:
    token = queries.access_link(purpose="capture", secret=mint(), now=NOW)
    at = timezone.now()
    actions.note_use(token=token, now=at)
    actions.note_use(token=token, now=at)
    token.refresh_from_db()
    assert (token.uses, token.last_used_at) == (2, at)
