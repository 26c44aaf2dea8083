"""Company: who works here with which roles and up to what amount, and which channels orders come from."""

from __future__ import annotations

import re
from uuid import UUID

from django.db import transaction
from django.http import HttpResponseBase, QueryDict
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from recoup.channels.kinds import KINDS, kind
from recoup.domain.orders import actions as orders_actions
from recoup.domain.orders import queries as orders
from recoup.foundation.accounts import actions, queries
from recoup.foundation.accounts.models import Staff
from recoup.foundation.accounts.roles import ROLES
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.refusal import Refusal
from recoup.web.desk.doors import DeskRequest, onward, show, staff_only

#: What each role may do, beside its box.
MEANINGS = {
    "agent": "decides returns",
    "warehouse": "takes goods in",
    "quality": "sees cases and decides where goods go",
    "buyer": "claims from suppliers",
    "finance": "sees money and memos",
    "admin": "may do everything, and lets people in",
}


_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class NoAmount(Refusal):
    code, status = "desk.no_amount", 422
    sentence = "“{typed}” is not an amount. Write it as in 250.00 EUR, or leave it empty for no limit."


class NoCode(Refusal):
    code, status = "desk.no_code", 422
    sentence = "A channel needs a short code, in small letters, digits and hyphens, such as shopify-main."


@staff_only("admin")
@require_GET
def staff(request: DeskRequest) -> HttpResponseBase:
    roles = [(code, word, MEANINGS[code]) for code, word in ROLES.items()]
    people = queries.all_staff()
    return show(request, "desk/staff.html", room="desk:staff", people=people, roles=roles, me=request.actor.id)


@staff_only("admin")
@require_POST
def add(request: DeskRequest) -> HttpResponseBase:
    """A new colleague, who chooses a password through “Forgotten, or never chosen one?”."""
    form = request.POST
    person = actions.create_staff(
        email=form.get("email", ""), name=form.get("name", ""), roles=form.getlist("roles"),
        limit=_limit(form), actor=request.actor,
    )  # fmt: skip
    said = f"{person.name} may sign in now, and chooses a password through “Forgotten, or never chosen one?”."
    return onward(request, "desk:staff", said=said)


@staff_only("admin")
@require_POST
def change(request: DeskRequest, staff_id: UUID) -> HttpResponseBase:
    """Set roles and limit, or close or open the account, by the button that was pressed."""
    person, form = queries.access_staff(actor=request.actor, staff_id=staff_id), request.POST
    if form.get("do") == "close":
        actions.deactivate(staff=person, actor=request.actor)
        return onward(request, "desk:staff", said=f"{person.name} can no longer sign in.")
    if form.get("do") == "open":
        actions.reactivate(staff=person, actor=request.actor)
        return onward(request, "desk:staff", said=f"{person.name} may sign in again.")
    limit = _limit(form)
    with transaction.atomic():
        _save(person, form, limit, request.actor)
    return onward(request, "desk:staff", said=f"{person.name}: saved.")


def _save(person: Staff, form: QueryDict, limit: Money | None, actor: Actor) -> None:
    """Only what differs, both or neither."""
    if set(form.getlist("roles")) != set(person.roles):
        actions.set_roles(staff=person, roles=form.getlist("roles"), actor=actor)
    if limit != person.limit:
        actions.set_limit(staff=person, limit=limit, actor=actor)


def _limit(form: QueryDict) -> Money | None:
    typed = form.get("limit", "").strip()
    if not typed:
        return None
    amount, _, currency = typed.partition(" ")
    try:
        limit = Money.parse(amount, (currency.strip() or "EUR").upper())
    except ValueError:
        raise NoAmount(typed=typed[:40]) from None
    if limit.minor < 0:
        raise NoAmount(typed=typed[:40])
    return limit


@staff_only("admin")
@require_http_methods(["GET", "POST"])
def channels(request: DeskRequest) -> HttpResponseBase:
    """Where orders come from; a new channel is named once and its secret is never shown again."""
    if request.method == "POST":
        form = request.POST
        code = form.get("code", "").strip()
        if not _CODE.fullmatch(code):
            raise NoCode()
        channel = orders_actions.create_channel(
            code=code, kind=kind(form.get("kind", "")).name, name=form.get("name", "").strip(),
            secret=form.get("secret", "").strip(), time_zone=form.get("time_zone", "").strip() or "UTC", actor=request.actor,
        )  # fmt: skip
        return onward(request, "desk:channels", said=f"{channel.name} is ready. Its address is shown beside it.")
    return show(
        request,
        "desk/channels.html",
        room="desk:staff",
        channels=orders.channels(),
        kinds=KINDS.values(),
        counts=orders.counts_by_state(),
        address=request.build_absolute_uri("/"),
    )
