"""One-time codes: asked for at the front door, made and sent by mail or text message, typed in once.

Six digits are soon guessed, so a code has few tries and little time, and its hash is keyed with the installation's
secret. How often somebody may ask is counted in rows and not in a cache: it holds across processes and restarts.
"""

from __future__ import annotations

import datetime
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from recoup.foundation.accounts.models import OneTimeCode
from recoup.foundation.accounts.rules import (
    CODE_GOOD_FOR,
    CODE_TRIES,
    CODES_FROM_ONE_PLACE,
    CODES_TEXTED,
    CODES_TYPED,
    Limit,
    code_stands,
    in_words,
    place_of,
    six_digits,
    wait_for_code,
)
from recoup.foundation.audit import actions as audit
from recoup.foundation.database.locks import advisory
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotFound, Refusal

# None for what is asked about: whoever guesses an order's number must not close the door to its owner, and only the
# owner's address is ever sent a code that opens anything.
_LIMITS = (("address_hash", CODES_TYPED), ("place_hash", CODES_FROM_ONE_PLACE))
_LIMITS_OF_TEXTS = (*_LIMITS, ("address_hash", CODES_TEXTED))


class TooManyCodes(Refusal):
    code = "accounts.too_many_codes"
    status = 429
    sentence = (
        "That was many codes in a short time. Look into your mail, and among the junk too: the newest code is the one"
        " that works. You can ask for another one in {wait}."
    )


class TooManyTexts(TooManyCodes):
    code = "accounts.too_many_texts"
    sentence = (
        "That was many codes in a short time. Look at your text messages: the newest code is the one that works. You can"
        " ask for another one in {wait}."
    )


class NotSixDigits(Refusal):
    code = "accounts.not_six_digits"
    status = 422
    sentence = "A code has six digits. Look at our message again and type it here."


class CodeDoesNotFit(Refusal):
    code = "accounts.code_does_not_fit"
    status = 422
    sentence = "That code does not fit. You have {left} left."


class NoTriesLeft(Refusal):
    code = "accounts.no_tries_left"
    status = 410
    sentence = "No tries are left for this code. Ask for a new one; nothing you typed is lost."


class CodeExpired(Refusal):
    code = "accounts.code_expired"
    status = 410
    sentence = "The code was good for ten minutes, and they are over. Ask for a new one; nothing you typed is lost."


class CodeUsed(Refusal):
    code = "accounts.code_used"
    status = 410
    sentence = "This code was used already, and each works once. Ask for a new one to come in again."


class CodeReplaced(Refusal):
    code = "accounts.code_replaced"
    status = 410
    sentence = "A newer code was asked for since. Use it where it was asked for, or ask for a new one here."


@dataclass(frozen=True, slots=True)
class Made:
    """A code's six digits, which are kept nowhere, and what it opens."""

    code: OneTimeCode
    digits: str
    subject_id: uuid.UUID


_OVER = {"used": CodeUsed, "replaced": CodeReplaced, "expired": CodeExpired, "spent": NoTriesLeft}


@transaction.atomic
def ask_code(
    *,
    about: str,
    address: str,
    place: str,
    subject_id: uuid.UUID | None,
    now: datetime.datetime,
    texted: bool = False,
    goes_to: str = "email",
) -> OneTimeCode:
    """Ask for a code for what was typed, from this ``place`` on the net; an earlier one for the same is void.

    Without ``subject_id`` nothing fits: the row is made all the same, so that nobody outside can tell. ``texted``: the
    address is a telephone number; ``goes_to``: which address of the subject's it is. Raises TooManyCodes, TooManyTexts.
    """
    typed = {
        "about_hash": _keyed("about", about),
        "address_hash": _keyed("address", address.strip().lower()),
        "place_hash": _keyed("place", place_of(place)),
    }
    wait = _wait(typed, _LIMITS_OF_TEXTS if texted else _LIMITS, now)
    if wait:
        raise (TooManyTexts if texted else TooManyCodes)(wait=in_words(wait))
    same = OneTimeCode.objects.filter(about_hash=typed["about_hash"], address_hash=typed["address_hash"])
    same.filter(used_at=None, replaced_at=None).update(replaced_at=now)
    until = now + CODE_GOOD_FOR
    code = OneTimeCode.objects.create(**typed, subject_id=subject_id, goes_to=goes_to, created_at=now, expires_at=until)
    audit.record(verb="code.asked", subject=code, actor=code.actor())
    return code


@transaction.atomic
def make_code(*, code_id: uuid.UUID, now: datetime.datetime, actor: Actor) -> Made | None:
    """The six digits, seen here and never again. None when nothing fits, when they were made, or when it is over."""
    code = _locked(code_id)
    if code.subject_id is None or code.code_hash or _stands(code, now) != "live":
        return None
    digits = f"{secrets.randbelow(10**6):06}"
    code.code_hash = _keyed(str(code.pk), digits)
    code.save(update_fields=["code_hash"])
    audit.record(verb="code.made", subject=code, actor=actor, expires_at=f"{code.expires_at:%H:%M} UTC")
    return Made(code, digits, code.subject_id)


@transaction.atomic
def try_code(*, code_id: uuid.UUID, typed: str, now: datetime.datetime) -> tuple[OneTimeCode, Refusal | None]:
    """Type a code in: None means that it fits, and it is spent. Of two at once, one wins.

    The refusal is returned, for whoever calls to raise after the commit: a try that is not counted would be free.
    Raises NotFound, and NotSixDigits without counting a try.
    """
    digits = six_digits(typed)
    if not digits:
        raise NotSixDigits()
    code = _locked(code_id)
    stands = _stands(code, now)
    if stands != "live":
        return code, _OVER[stands]()
    if not constant_time_compare(code.code_hash, _keyed(str(code.pk), digits)):
        return code, _wrong(code)
    code.used_at = now
    code.save(update_fields=["used_at"])
    audit.record(verb="code.used", subject=code, actor=code.actor())
    return code, None


def _wrong(code: OneTimeCode) -> Refusal:
    code.tries += 1
    code.save(update_fields=["tries"])
    left = CODE_TRIES - code.tries
    audit.record(verb="code.wrong", subject=code, actor=code.actor(), left=left)
    return CodeDoesNotFit(left=f"{left} {'try' if left == 1 else 'tries'}") if left else NoTriesLeft()


def _wait(typed: dict[str, str], limits: Sequence[tuple[str, Limit]], now: datetime.datetime) -> datetime.timedelta:
    """How long until one more is within the limits; when it is now, others for the same wait for the commit."""
    for each in sorted({typed[column] for column, _ in limits}):  # in one order, so that two never wait for each other
        with advisory(f"accounts.code {each}"):
            pass
    waits = [datetime.timedelta(0)]
    for column, limit in limits:
        asked = OneTimeCode.objects.filter(**{column: typed[column]}, created_at__gt=now - limit.within)
        waits.append(wait_for_code(asked.values_list("created_at", flat=True), limit=limit, now=now))
    return max(waits)


def _locked(code_id: uuid.UUID) -> OneTimeCode:
    found = OneTimeCode.objects.select_for_update().filter(pk=code_id).first()
    if found is None:
        raise NotFound()
    return found


def _stands(code: OneTimeCode, now: datetime.datetime) -> str:
    return code_stands(
        used_at=code.used_at, replaced_at=code.replaced_at, tries=code.tries, expires_at=code.expires_at, now=now
    )


def _keyed(what: str, text: str) -> str:
    """HMAC-SHA-256 under the installation's secret: without it, a million tries would tell every code."""
    return salted_hmac(f"recoup.accounts.codes {what}", text, algorithm="sha256").hexdigest()
