"""A company that does not exist: its people, its catalogue and where it buys, made through the real intake."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from recoup.channels.csvfile.references import translate
from recoup.cli.intake_store import store_row
from recoup.cli.sample import tables
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.money import Money
from recoup.kit.refusal import Refusal

CHANNEL, SITE = "sample-shop", "MAIN"
PASSWORD = "copper-kettle-harbour"  # noqa: S105  # printed on purpose: the company is a sample
PEOPLE = {
    "agent": ("Ida Berg", "ida@sample.example"),
    "warehouse": ("Tom Reyes", "tom@sample.example"),
    "quality": ("Mei Okafor", "mei@sample.example"),
    "buyer": ("Jonas Falk", "jonas@sample.example"),
    "finance": ("Sofia Lind", "sofia@sample.example"),
    "admin": ("Ravi Nair", "ravi@sample.example"),
}


class SampleUnfit(Refusal):
    code = "demo.sample_unfit"
    sentence = "The sample file {file} was not taken in: {problem}"


@dataclass(frozen=True, slots=True)
class Company:
    """Who acts, by role."""

    people: dict[str, Actor]

    def __getitem__(self, role: str) -> Actor:
        return self.people[role]


def furnish(*, now: datetime) -> Company:
    """The company with everything but orders; whatever is here already stays as it is."""
    company = Company({role: _hired(role) for role in PEOPLE})
    _channel(company["admin"])
    for name, raw in tables.reference_files(now.date()).items():
        bring_in(name, raw)
    _pictures(company["quality"])
    _expectations(company)
    _site(company["admin"])
    return company


def bring_in(name: str, raw: bytes) -> int:
    """Take a CSV file in, row by row as ``recoup intake`` does; returns how many rows. Raises SampleUnfit."""
    file = translate(raw)
    for row in file.rows:
        stored = store_row(file.kind, row)
        if stored.blocked:
            raise SampleUnfit(file=name, problem=stored.problems[-1].sentence)
    return len(file.rows)


def is_here() -> bool:
    from recoup.domain.orders import queries

    return queries.find_channel(CHANNEL) is not None


def _hired(role: str) -> Actor:
    from recoup.foundation.accounts import actions, queries

    name, email = PEOPLE[role]
    staff = next((each for each in queries.all_staff() if each.email == email), None)
    if staff is None:
        limit = Money(50_000, "EUR") if role == "agent" else None
        staff = actions.create_staff(email=email, name=name, roles=[role], password=PASSWORD, limit=limit, actor=SYSTEM)
    return staff.actor()


def _channel(admin: Actor) -> None:
    from recoup.domain.orders import actions

    if not is_here():
        secret = secrets.token_hex(16)
        actions.create_channel(
            code=CHANNEL, kind="shopify", name="Sample shop", secret=secret, time_zone="Europe/Berlin", actor=admin
        )


def _pictures(quality: Actor) -> None:
    """What each product looks like. Rendered like the customers' photos are, and never the same picture."""
    from recoup.cli.sample import scenes
    from recoup.domain.catalogue import actions, queries
    from recoup.vision.views import derive

    for sku in (tables.KETTLE, tables.TRAVEL, tables.THERMO, tables.STOVE):
        product = queries.product(sku)
        if not product.pictures.exists():
            actions.add_picture(product=product, data=derive(scenes.reference(sku)), actor=quality)


def _expectations(company: Company) -> None:
    """What can be wrong, which photos it asks for, what is decided by itself, and one defect that is known already."""
    from django.utils import timezone

    from recoup.domain.catalogue import queries as catalogue
    from recoup.domain.defects import actions as defects
    from recoup.domain.returns import actions as returns

    defects.install_starter_types(actor=company["quality"])
    returns.policy_in_force(at=timezone.now())
    defects.describe_pattern(
        code="thermostat", sentence="The thermostat of this kettle fails within months; the supplier knows.",
        action="approve", product=catalogue.product(tables.THERMO), actor=company["quality"],
    )  # fmt: skip


def _site(admin: Actor) -> None:
    from recoup.domain.warehouse import actions

    actions.open_site(code=SITE, name="Main warehouse", actor=admin)
