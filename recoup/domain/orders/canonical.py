"""The canonical order as a draft: what every channel translates into, before anybody judged it. Pure.

Amounts are whole minor units of ``currency``. ``pointer`` says where in the delivery a line came from,
``pointers`` the same for the order's own fields.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from recoup.kit.money import Money
from recoup.kit.problem import Problem

#: The largest amount taken in: far above any order, far below what the database holds in 64 bits.
LARGEST_MINOR = 10**15
LARGEST_QUANTITY = 10**9

Payment = Literal["paid", "partly_paid", "unpaid", "refunded", "partly_refunded", "voided"]
Amount = Annotated[int, Field(ge=0, le=LARGEST_MINOR)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Country = Annotated[str, Field(pattern="^([A-Z]{2})?$")]
Moment = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]


class Draft(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class CustomerDraft(Draft):
    email: str = Field(default="", max_length=254)
    name: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=60)
    language: str = Field(default="en", min_length=2, max_length=8)


class AddressDraft(Draft):
    name: str = ""
    lines: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    country: Country = ""
    phone: str = ""


class ChargeDraft(Draft):
    """What was paid beside the goods, tax included. A rounding may be negative."""

    kind: Literal["shipping", "tip", "duty", "fee", "rounding"]
    amount_minor: int = Field(ge=-LARGEST_MINOR, le=LARGEST_MINOR)


class LineDraft(Draft):
    """``paid_minor`` is for the whole line, after discounts, with tax; ``tax_minor`` the tax within it."""

    external_id: str = Field(min_length=1, max_length=120)
    sku: str = Field(min_length=1, max_length=80)
    title: str = Field(max_length=300)
    quantity: int = Field(gt=0, le=LARGEST_QUANTITY)
    paid_minor: Amount
    tax_minor: Amount = 0
    refunded_minor: Amount = 0
    refunded_quantity: int = Field(default=0, ge=0, le=LARGEST_QUANTITY)
    batch: str = Field(default="", max_length=60)
    serials: tuple[str, ...] = ()
    pointer: str = ""
    silent: frozenset[str] = Field(default=frozenset(), exclude=True)


class OrderDraft(Draft):
    """``stated_total_minor`` is what the source says the order came to; None when it says nothing.

    ``silent`` names what the source says nothing about: what we know of it stays. An order's are its own fields,
    ``email``, ``name``, ``phone``, ``language``, ``ship_name``, ``ship_phone``, ``ship_place``, ``charges``, and
    ``lines`` when a line that is not there was not taken off. ``cut_at`` points to where the source may have been
    cut off unseen; '' when it ends as it should.
    """

    external_id: str = Field(min_length=1, max_length=120)
    number: str = Field(min_length=1, max_length=120)
    placed_at: Moment
    source_updated_at: Moment
    currency: Currency
    country: Country = ""
    customer: CustomerDraft = CustomerDraft()
    ship_to: AddressDraft = AddressDraft()
    stated_total_minor: Amount | None = None
    payment: Payment = "unpaid"
    cancelled_at: Moment | None = None
    shipped_at: Moment | None = None
    delivered_at: Moment | None = None
    tracking_numbers: tuple[str, ...] = ()
    lines: tuple[LineDraft, ...]
    charges: tuple[ChargeDraft, ...] = ()
    pointers: dict[str, str] = {}
    silent: frozenset[str] = Field(default=frozenset(), exclude=True)
    cut_at: str = Field(default="", exclude=True)

    def money(self, minor: int) -> Money:
        return Money(minor, self.currency)

    @property
    def summed_minor(self) -> int:
        """What the lines and charges come to."""
        return sum(line.paid_minor for line in self.lines) + sum(charge.amount_minor for charge in self.charges)

    @property
    def total_minor(self) -> int:
        return self.summed_minor if self.stated_total_minor is None else self.stated_total_minor


@dataclass(frozen=True, slots=True)
class Reading:
    """What a channel made of one delivery: an order, or None when a problem blocks it.

    ``external_id`` and ``source_updated_at`` say which version of which order it tells of, as far as that can be
    read where the order as a whole cannot; '' and None else.
    """

    order: OrderDraft | None
    problems: tuple[Problem, ...] = ()
    external_id: str = ""
    source_updated_at: datetime | None = None

    def under(self, prefix: str) -> Reading:
        return replace(self, problems=tuple(problem.under(prefix) for problem in self.problems))

    @property
    def version(self) -> dict[str, Any]:
        """The same two, from the order where there is one."""
        known = self.order or self
        return {"external_id": known.external_id, "source_updated_at": known.source_updated_at}
