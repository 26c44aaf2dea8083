"""Every write about what can be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from recoup.domain.catalogue.models import Batch, Product
from recoup.domain.defects.models import ACTIONS, PICTURES, SHOTS, DefectType, KnownPattern, ShotListItem
from recoup.domain.defects.rules import Shot
from recoup.domain.defects.starter import STARTER
from recoup.foundation.audit import actions as audit
from recoup.foundation.database.changes import change
from recoup.foundation.database.locks import advisory
from recoup.kit.actor import Actor
from recoup.kit.refusal import Refusal


class UnknownShot(Refusal):
    code, status = "defects.unknown_shot", 400
    sentence = "“{shot}” is not a shot. Shots are: {known}. Each may be asked for once."


class UnknownPicture(Refusal):
    code, status = "defects.unknown_picture", 400
    sentence = "There is no picture “{picture}” for a defect type. Pictures are: {known}."


class UnknownPatternAction(Refusal):
    code, status = "defects.unknown_action", 400
    sentence = "“{action}” is not what a known pattern can do. It can: {known}."


class BoundlessPattern(Refusal):
    code, status = "defects.boundless_pattern", 400
    sentence = "This pattern would touch every return. Say at least which product, batch, serials or defect type it is."


@transaction.atomic
def define_defect_type(
    *,
    code: str,
    name: str,
    shots: Sequence[Shot],
    picture: str = "",
    position: int = 0,
    active: bool = True,
    actor: Actor,
) -> DefectType:
    """Add the defect type with its shot list, or make it so; ``picture``: one of PICTURES, or '' for that of its code.

    Raises UnknownShot, UnknownPicture or NotAllowed.
    """
    actor.must("quality", "agent")
    _check_shots(shots)
    _check_picture(picture)
    fields = {"name": name, "picture": picture, "position": position, "active": active}
    made, added = DefectType.objects.get_or_create(code=code, defaults=fields)
    changed = [] if added else change(made, **fields)
    changed += _set_shots(made, shots)
    if added:
        audit.record(verb="defect_type.added", subject=made, actor=actor, code=code)
    elif changed:
        audit.record(verb="defect_type.changed", subject=made, actor=actor, code=code, fields=", ".join(changed))
    return made


def _check_shots(shots: Sequence[Shot]) -> None:
    known = [word for word, _ in SHOTS]
    names = [shot.shot for shot in shots]
    for name in names:
        if name not in known or names.count(name) > 1:
            raise UnknownShot(shot=name, known=", ".join(known))


def _check_picture(picture: str) -> None:
    known = [word for word, _ in PICTURES]
    if picture and picture not in known:
        raise UnknownPicture(picture=picture, known=", ".join(known))


def _set_shots(made: DefectType, shots: Sequence[Shot]) -> list[str]:
    """The list as given; ['shots'] if that changed anything."""
    wanted = [(shot.shot, shot.instruction, shot.required, place) for place, shot in enumerate(shots, start=1)]
    if list(made.shots.values_list("shot", "instruction", "required", "position")) == wanted:
        return []
    made.shots.all().delete()
    ShotListItem.objects.bulk_create(
        ShotListItem(defect_type=made, shot=shot, instruction=said, required=needed, position=place)
        for shot, said, needed, place in wanted
    )
    return ["shots"]


@transaction.atomic
def describe_pattern(
    *,
    code: str,
    sentence: str,
    action: str,
    product: Product | None = None,
    batch: Batch | None = None,
    defect_type: DefectType | None = None,
    serial_from: str = "",
    serial_to: str = "",
    sold_from: date | None = None,
    sold_to: date | None = None,
    active: bool = True,
    actor: Actor,
) -> KnownPattern:
    """Describe a known defect or recall, or change its description.

    ``action``: approve, stop (safety) or route (to a person). Raises UnknownPatternAction, BoundlessPattern or
    NotAllowed.
    """
    actor.must("quality")
    known = [word for word, _ in ACTIONS]
    if action not in known:
        raise UnknownPatternAction(action=action, known=", ".join(known))
    if not any((product, batch, defect_type, serial_from, serial_to)):
        raise BoundlessPattern()
    fields: dict[str, Any] = {
        "sentence": sentence, "action": action, "product": product, "batch": batch, "defect_type": defect_type,
        "serial_from": serial_from, "serial_to": serial_to, "sold_from": sold_from, "sold_to": sold_to,
        "active": active,
    }  # fmt: skip
    pattern, added = KnownPattern.objects.get_or_create(code=code, defaults=fields)
    if added:
        audit.record(verb="pattern.described", subject=pattern, actor=actor, code=code, action=action)
    elif changed := change(pattern, **fields):
        audit.record(verb="pattern.changed", subject=pattern, actor=actor, code=code, fields=", ".join(changed))
    return pattern


@transaction.atomic
def install_starter_types(*, actor: Actor) -> list[DefectType]:
    """Add the starter defect types where there are none at all; returns what it added. Safe to call on every start."""
    with advisory("defects.starter"):
        if DefectType.objects.exists():
            return []
        return [
            define_defect_type(code=kind.code, name=kind.name, shots=kind.shots, position=place, actor=actor)
            for place, kind in enumerate(STARTER, start=1)
        ]
