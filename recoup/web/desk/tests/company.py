"""A small company for the desk's tests: people, and cases in every state, made through the real actions."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from django.test import Client
from django.utils import timezone

from recoup.cli.sample import scenes
from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.models import CaptureSession, Photo
from recoup.domain.orders.models import OrderLine
from recoup.domain.returns import actions as returns
from recoup.domain.returns.models import Remedy, Return, ReturnLine
from recoup.domain.returns.tests import factories
from recoup.domain.warehouse import actions as warehouse
from recoup.foundation.accounts.models import Staff
from recoup.foundation.accounts.tests.factories import staff
from recoup.foundation.files import actions as files
from recoup.kit import ids
from recoup.kit.actor import SYSTEM
from recoup.vision import views
from tests.made_once import made_once

once = made_once()
ROLES = ("agent", "warehouse", "quality", "buyer", "finance", "admin")


def signed_in(*roles: str, **about: Any) -> tuple[Client, Staff]:
    person = staff(*roles, **about)
    client = Client()
    client.force_login(person)
    return client, person


@lru_cache(maxsize=8)
def rendered(shot: str) -> dict[str, bytes]:
    """A rendered kettle, small: tests need pictures, not pixels."""
    from recoup.vision.decode import decode

    pixels = decode(scenes.scene(shot, serial="K17-000123")).pixels
    return {"screen": views.derive(pixels, 900), "thumb": views.derive(pixels, 200, quality=80)}


def photo(session: CaptureSession, shot: str, *, result: str = "accept", codes: tuple[str, ...] = ()) -> Photo:
    """A photo that arrived and was judged, with views that can be looked at."""
    data = ids.new().bytes
    file = files.store(data=data, key=session.key, purpose="photo", media_type="image/jpeg", retention="original")
    made = Photo.objects.create(
        session=session, client_id=ids.new(), file=file, sha256=hashlib.sha256(data).hexdigest(), shot=shot,
        position=session.photos.count() + 1,
    )  # fmt: skip
    seen = [evidence.CodeSeen("Code128", code, (0, 0, 9, 9), 1.0) for code in codes]
    evidence.judge(
        photo=made,
        judged=evidence.Judged(
            media_type="image/jpeg", width=1500, height=2000, phash=7, result=result, rules_version="1", codes=seen,
            sentence="Sharp and bright enough." if result == "accept" else "A bit blurred. Hold the phone still and tap on the crack.",
            views=rendered(shot),
        ),
    )  # fmt: skip
    return made


@once
def sent_in(
    line: OrderLine | None = None,
    *,
    verified: bool = True,
    shots: tuple[str, ...] = ("overall", "close_up"),
    words: str = "The rim has a crack; it leaks when hot.",
) -> ReturnLine:
    """A return with photos, as a customer sent it just now."""
    line = line or factories.order_line(sold=factories.product(warranty_plan=""))
    link = factories.link(line.order)
    for shot in shots:
        photo(link.session, shot, codes=("K17-000123",) if shot == "serial_label" else ())
    wanted = factories.defect("overall", "close_up")
    choice = returns.Choice(order_line_id=line.pk, defect_type=wanted.code, words=words)
    case = returns.submit(link=link, choice=choice, at=timezone.now(), actor=factories.CUSTOMER)
    if verified:
        returns.verify(return_case=case, at=timezone.now(), actor=SYSTEM)
    return case.lines.get()


@once
def approved(remedy: str = "refund") -> ReturnLine:
    line = sent_in()
    returns.approve(line=line, remedy=remedy, reason="Clear.", at=timezone.now(), actor=factories.agent())
    line.refresh_from_db()
    return line


@once
def paid() -> ReturnLine:
    line = approved()
    returns.post_remedy(remedy=Remedy.objects.get(line=line), at=timezone.now(), actor=SYSTEM)
    line.refresh_from_db()
    return line


@once
def received() -> ReturnLine:
    line = paid()
    site = warehouse.open_site(code="main", name="Main warehouse", actor=SYSTEM)
    warehouse.receive(line=line, site=site, quantity=1, grade="D", at=timezone.now(), actor=factories.WAREHOUSE)
    line.refresh_from_db()
    return line


@once
def blind() -> ReturnLine:
    line = factories.blind(number="#4711")
    returns.verify(return_case=line.return_case, at=timezone.now(), actor=SYSTEM)
    line.refresh_from_db()
    return line


def cases() -> int:
    return Return.objects.count()
