"""A small company for tests: a kettle with serials, its order, its defect type, and a customer with a phone."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from django.utils import timezone

from recoup.domain.catalogue.models import Batch, Product, Serial, WarrantyPlan
from recoup.domain.defects.models import DefectType, ShotListItem
from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.models import CaptureSession, Photo
from recoup.domain.orders.models import Channel, Customer, LineSerial, Order, OrderLine
from recoup.domain.returns import actions
from recoup.domain.returns.actions import Choice
from recoup.domain.returns.models import CaptureLink, Return, ReturnLine
from recoup.foundation.accounts.models import Staff
from recoup.foundation.files import actions as files
from recoup.kit import ids
from recoup.kit.actor import Actor
from tests.made_once import made_once

NOW = datetime.datetime(2025, 6, 1, 12, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(days=30)
CUSTOMER = Actor(kind="customer", id="a-link", name="The customer")
WAREHOUSE = Actor(kind="staff", id=str(ids.new()), name="Wim", roles=frozenset({"warehouse"}))
_numbers = itertools.count(1)
# Whether a test holds the clock still tells what the trail of such a return says.
once = made_once(lambda: (NOW, timezone.now() == NOW))


def agent(*roles: str, limit: int | None = None, name: str = "Ann") -> Actor:
    """A member of staff with an account; ``limit`` in cents of EUR."""
    staff = Staff.objects.create(
        email=f"colleague{next(_numbers)}@example.com", name=name, roles=list(roles or ("agent",)),
        limit_minor=limit, limit_currency="EUR" if limit is not None else "",
    )  # fmt: skip
    return staff.actor()


def plan(months: int = 24) -> WarrantyPlan:
    found, _ = WarrantyPlan.objects.get_or_create(
        code="legal", version=1, jurisdiction="",
        defaults={"contracts_from": datetime.date(2000, 1, 1), "months": months, "source": "our terms"},
    )  # fmt: skip
    return found


def product(*, serials: bool = False, **values: Any) -> Product:
    plan()
    number = next(_numbers)
    return Product.objects.create(
        **{"sku": f"K-{number}", "name": "Kettle 1.7 l", "warranty_plan": "legal"}
        | {"serial_format": r"K17-\d{6}" if serials else ""}
        | values
    )


def defect(*shots: str) -> DefectType:
    made = DefectType.objects.create(code=f"cracked-{next(_numbers)}", name="It is cracked")
    for position, shot in enumerate(shots or ("overall", "close_up"), start=1):
        ShotListItem.objects.create(defect_type=made, shot=shot, instruction=f"Show the {shot}.", position=position)
    return made


def order(**values: Any) -> Order:
    channel, _ = Channel.objects.get_or_create(code="shop", defaults={"kind": "shopify", "name": "The shop"})
    customer = Customer.objects.create(email="cora@example.com", name="Cora Customer")
    number = next(_numbers)
    return Order.objects.create(
        **{
            "channel": channel, "external_id": f"{4500 + number}", "number": f"#{1000 + number}", "customer": customer,
            "placed_at": NOW - datetime.timedelta(days=90), "source_updated_at": NOW - datetime.timedelta(days=90),
            "delivered_at": NOW - datetime.timedelta(days=80), "currency": "EUR", "country": "DE", "total_minor": 9980,
            "payment": "paid", "ship_to": {"name": "Cora Customer", "lines": ["Long Road 1"], "postcode": "10115", "city": "Berlin"},
        }
        | values
    )  # fmt: skip


def order_line(of: Order | None = None, *, sold: Product | None = None, serial: str = "", **values: Any) -> OrderLine:
    """Two kettles for 99.80 EUR, 15.94 of it tax."""
    of, sold = of or order(), sold or product(serials=bool(serial))
    line = OrderLine.objects.create(
        **{
            "order": of, "position": of.lines.count() + 1, "external_id": f"line-{next(_numbers)}", "sku": sold.sku,
            "product": sold, "title": sold.name, "quantity": 2, "paid_minor": 9980, "tax_minor": 1594,
        }
        | values
    )  # fmt: skip
    if serial:
        batch, _ = Batch.objects.get_or_create(product=sold, number="24-117")
        unit = Serial.objects.create(product=sold, number=serial, batch=batch)
        LineSerial.objects.create(line=line, serial=unit)
    return line


def link(of: Order | None, *, return_case: Return | None = None, secret: bool = False) -> Any:
    made, word = actions.open_link(order=of, language="en", expires_at=LATER, actor=CUSTOMER, return_case=return_case)
    return (made, word) if secret else made


def photo(session: CaptureSession, shot: str, *, judged: str = "accept", codes: tuple[str, ...] = ()) -> Photo:
    """A photo that arrived; ``judged``: accept, retake, unreadable, or '' for not yet."""
    data = ids.new().bytes
    file = files.store(data=data, key=session.key, purpose="photo", media_type="image/jpeg", retention="original")
    made = Photo.objects.create(
        session=session,
        client_id=ids.new(),
        file=file,
        sha256=file.sha256,
        shot=shot,
        position=session.photos.count() + 1,
    )
    if judged:
        judge(made, judged, codes=codes)
    return made


def judge(made: Photo, result: str = "accept", *, codes: tuple[str, ...] = ()) -> None:
    if result == "unreadable":
        evidence.mark_unreadable(photo=made, reason="not_a_photo", sentence="This is not a photo.")
        return
    seen = [evidence.CodeSeen("Code128", code, (0, 0, 9, 9), 1.0) for code in codes]
    evidence.judge(
        photo=made,
        judged=evidence.Judged(
            media_type="image/jpeg", width=4000, height=3000, phash=7, result=result, rules_version="1",
            sentence="" if result == "accept" else "A bit blurred. Hold still.", codes=seen,
        ),
    )  # fmt: skip


@once
def submitted(
    line: OrderLine | None = None,
    *,
    of_defect: DefectType | None = None,
    shots: tuple[str, ...] = ("overall", "close_up"),
    judged: str = "accept",
    quantity: int = 1,
    serial: str = "",
) -> ReturnLine:
    """A return that the customer has just sent, with its photos; not verified yet."""
    line, of_defect = line or order_line(), of_defect or defect()
    made = link(line.order)
    for shot in shots:
        photo(made.session, shot, judged=judged)
    choice = Choice(
        order_line_id=line.pk, defect_type=of_defect.code, quantity=quantity, serial=serial, words="It leaks."
    )
    case = actions.submit(link=made, choice=choice, at=NOW, actor=CUSTOMER)
    return case.lines.get()


def sent_again(line: ReturnLine) -> None:
    """The customer presses “send the photos” for what we had asked for."""
    newest = line.return_case.links.order_by("-created_at")[0]
    actions.submit(link=newest, choice=Choice(None, ""), at=NOW, actor=CUSTOMER)


@once
def blind(*, number: str = "#1001", shots: tuple[str, ...] = ("overall", "close_up")) -> ReturnLine:
    """A return without a known order."""
    made: CaptureLink = link(None)
    for shot in shots:
        photo(made.session, shot)
    choice = Choice(order_line_id=None, defect_type=defect().code, order_number=number)
    return actions.submit(link=made, choice=choice, at=NOW, actor=CUSTOMER).lines.get()


@once
def to_agent(line: OrderLine | None = None) -> ReturnLine:
    """A return that waits for an agent: its warranty plan is not known."""
    line = line or order_line(sold=product(warranty_plan=""))
    made = submitted(line)
    actions.verify(return_case=made.return_case, at=NOW, actor=Actor(kind="system", id="test", name="Recoup"))
    made.refresh_from_db()
    return made
