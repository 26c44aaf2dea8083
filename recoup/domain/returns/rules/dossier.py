"""Everything the checks need to know about one return line, and the checks in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from recoup.domain.returns.rules.amounts import Paid, Share, share
from recoup.domain.returns.rules.answer import Answer
from recoup.domain.returns.rules.evidence import Picture, check_evidence
from recoup.domain.returns.rules.identity import check_identity
from recoup.domain.returns.rules.pattern import Hit, check_pattern
from recoup.domain.returns.rules.product import Likeness, Named, check_product
from recoup.domain.returns.rules.quantity import Purchase, check_quantity
from recoup.domain.returns.rules.reuse import Seen, check_reuse
from recoup.domain.returns.rules.serial import Known, Told, check_serial
from recoup.domain.returns.rules.warranty import Dates, Plan, check_warranty


@dataclass(frozen=True, slots=True)
class Bought:
    """What the order line tells; there is none while the order is unknown."""

    purchase: Purchase
    paid: Paid
    dates: Dates
    country: str
    plan_code: str
    plans: Sequence[Plan]
    serial_format: str
    product: Named


@dataclass(frozen=True, slots=True)
class Dossier:
    quantity: int
    defect_type: str
    order_how: str
    bought: Bought | None
    told: Told
    known: Known
    hits: Sequence[Hit] = ()
    required: Sequence[str] = ()
    pictures: Sequence[Picture] = field(default=())
    seen: Sequence[Seen] = ()
    likenesses: Sequence[Likeness] = ()

    def worth(self) -> Share | None:
        """What a refund would come to."""
        return share(paid=self.bought.paid, quantity=self.quantity) if self.bought else None


def check(dossier: Dossier) -> list[Answer]:
    """Every check, in the order a person reads them."""
    bought = dossier.bought
    return [
        check_identity(how=dossier.order_how),
        check_quantity(claimed=dossier.quantity, purchase=bought.purchase if bought else None),
        check_warranty(
            plan_code=bought.plan_code if bought else "",
            plans=bought.plans if bought else (),
            country=bought.country if bought else "",
            dates=bought.dates if bought else None,
        ),
        check_serial(
            pattern=bought.serial_format if bought else None,
            quantity=dossier.quantity,
            said=dossier.told,
            known=dossier.known,
        ),
        check_pattern(hits=dossier.hits),
        check_evidence(required=dossier.required, pictures=dossier.pictures),
        check_reuse(photos=len(dossier.pictures), seen=dossier.seen),
        check_product(likenesses=dossier.likenesses, line=bought.product if bought else None),
    ]
