"""What is found and listed: search, RMA numbers, what finance sees, products of the order."""

from __future__ import annotations

import pytest

from recoup.domain.catalogue import actions as catalogue
from recoup.domain.evidence.models import CatalogueMatch
from recoup.domain.returns import actions, queries
from recoup.domain.returns.tests import factories as make
from recoup.domain.returns.tests.test_queries import verified
from recoup.kit import ids
from recoup.kit.actor import SYSTEM
from recoup.kit.refusal import NotAllowed

pytestmark = pytest.mark.django_db


def test_a_case_is_found_by_anything_at_hand() -> None:
    order_line = make.order_line(serial="K17-000777")
    line = verified(make.submitted(order_line, serial="K17-000777"))
    make.to_agent()
    case, ann = line.return_case, make.agent()
    case.refresh_from_db()
    assert case.rma_number is not None
    words = [
        case.number,
        case.number.lower(),
        case.number[-4:],
        case.rma_number,
        case.rma_number[-9:],
        "K17-000777",
        order_line.sku,
    ]
    for text in [*words, case.order.number if case.order else ""]:
        assert [hit.number for hit in queries.search(ann, text)] == [case.number], text
    assert len(queries.search(ann, "cora@example.com")) == 2 and len(queries.search(ann, "customer")) == 2
    for text in ("", "R", "R-", "RMA", "%", "__", "nobody", "\x00"):
        assert queries.search(ann, text) == [], text
    with pytest.raises(NotAllowed):
        queries.search(make.CUSTOMER, case.number)


def test_an_rma_number_is_found_however_it_was_typed() -> None:
    case = verified(make.submitted()).return_case
    case.refresh_from_db()
    assert case.rma_number is not None
    for typed in (
        case.rma_number,
        case.rma_number.lower(),
        f" {case.rma_number[4:]} ",
        case.rma_number.replace("-", ""),
        case.rma_number.lower().replace("-", " "),
        f"rma-{case.rma_number[4:8]} {case.rma_number[9:]}".lower(),
        case.rma_number[4:].replace("-", ""),
        case.rma_number.replace("-", "–"),
    ):
        assert queries.find_rma(typed) == case
    for typed in ("", "RMA-", "RMA-0000-0000", "4006381333931"):
        assert queries.find_rma(typed) is None


def test_finance_sees_what_went_out() -> None:
    line = verified(make.submitted())
    actions.post_remedy(remedy=line.remedies.get(), at=make.NOW, actor=SYSTEM)
    row = queries.to_pay(actor=make.agent("finance")).rows[0]
    assert (row.case, row.kind, row.state, str(row.amount)) == (
        line.return_case.number,
        "refund",
        "posted",
        "49.90 EUR",
    )
    assert row.memo.startswith("CM-2025-")
    with pytest.raises(NotAllowed):
        queries.payouts(actor=make.CUSTOMER)


def test_the_case_says_beside_a_photo_what_it_looks_like() -> None:
    order = make.order()
    kettle = make.order_line(order, sold=make.product(sku="KTL-17", name="Copper Kettle", warranty_plan=""))
    lamp = make.order_line(order, sold=make.product(sku="L-2", name="Lamp"))
    catalogue.add_picture(product=kettle.product, data=b"\xff\xd8\xff a kettle", actor=SYSTEM)
    line = make.submitted(kettle, shots=("overall", "packaging", "close_up"))
    for shot, product in (("overall", kettle.product), ("packaging", lamp.product)):
        photo = line.photos.get(shot=shot).photo
        CatalogueMatch.objects.create(photo=photo, product=product, inliers=48, share=0.8, box=[1, 2, 3, 4])
    page = queries.case_page(make.agent(), line.return_case.number, now=make.NOW)
    assert [(photo.likeness, photo.another) for photo in page.lines[0].photos] == [
        ("Shows the Copper Kettle (KTL-17) as in the catalogue: 48 points agree.", False),
        ("Looks more like the Lamp (L-2) than the Copper Kettle (KTL-17): ask or check.", True),
        ("", False),
    ]


def test_what_was_bought_is_known_from_the_link_or_from_the_return() -> None:
    order_line = make.order_line()
    link, blind = make.link(order_line.order), make.blind()
    stray = blind.return_case.links.get().session_id
    assert queries.products_of_session(link.session_id) == [order_line.product]
    assert queries.products_of_session(stray) == queries.products_of_session(ids.new()) == []
    actions.attach_order(
        return_case=blind.return_case, order=order_line.order, lines={blind.pk: order_line}, how="agent",
        at=make.NOW, actor=make.agent(),
    )  # fmt: skip
    assert queries.products_of_session(stray) == [order_line.product]


def test_open_returns_of_a_product_the_oldest_first() -> None:
    order_line = make.order_line(sold=make.product(warranty_plan=""))
    first, second = make.to_agent(order_line), make.to_agent(order_line)
    make.to_agent()
    hits = queries.open_of_product(make.agent("warehouse"), order_line.product)
    assert [hit.number for hit in hits] == [first.return_case.number, second.return_case.number]
    actions.refuse(line=second, reason="It was dropped.", at=make.NOW, actor=make.agent())
    assert [hit.number for hit in queries.open_of_product(make.agent(), order_line.product)] == [hits[0].number]
    with pytest.raises(NotAllowed):
        queries.open_of_product(make.CUSTOMER, order_line.product)
