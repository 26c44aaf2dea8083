"""recoup intake: canonical orders or problems, whatever the file is."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import recoup.__main__ as entry
from recoup.channels.shopify.tests.factories import item, order
from recoup.domain.catalogue import queries as catalogue
from recoup.domain.orders import queries
from recoup.domain.orders.models import Delivery, Order
from recoup.domain.suppliers import queries as suppliers
from recoup.foundation.jobs.worker import drain
from recoup.kit.actor import SYSTEM

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "docs" / "guides" / "csv"
IN_ORDER = ["plans", "products", "suppliers", "purchase-orders", "batches", "orders", "serials"]


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test database is ready already."""
    from recoup.conf import start

    monkeypatch.setattr(start, "ready", lambda **_: None)
    monkeypatch.setattr(entry, "_prepare", lambda: None)


class Ran:
    def __init__(self, status: int, said: list[dict[str, Any]]) -> None:
        self.status, self.said = status, said

    @property
    def outcomes(self) -> list[str]:
        return [each["outcome"] for each in self.said if "outcome" in each]

    @property
    def codes(self) -> list[str]:
        return [problem["code"] for each in self.said for problem in each.get("problems", [])]


@pytest.fixture
def intake(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*words: object) -> Ran:
        status = entry.main(["intake", *map(str, words), "--json"])
        return Ran(status, [json.loads(line) for line in capsys.readouterr().out.splitlines()])

    return run


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def written(content: Any, name: str = "orders.json") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return written


def product(sku: str) -> None:
    from recoup.domain.catalogue import actions

    actions.upsert_product(sku=sku, name=sku, actor=SYSTEM)


def test_a_dry_run_needs_no_database(intake: Any, write: Any) -> None:
    ran = intake("shopify", write({"orders": [order(), order(currency=None)]}), "--dry-run")
    assert (ran.status, ran.outcomes) == (1, ["ready", "blocked"])
    assert ran.said[0]["order"]["lines"][0]["sku"] == "K-1"
    assert ran.said[1]["problems"][0]["pointer"] == "/orders/1/currency"


@pytest.mark.django_db
def test_orders_are_stored_and_judged_at_once(intake: Any, write: Any) -> None:
    product("K-1")
    path = write({"orders": [order(id=1, name="#1"), order(id=2, name="#2", line_items=[item(2)])]})
    ran = intake("shopify", path)
    assert (ran.status, ran.outcomes) == (0, ["accepted", "parked"])
    assert Order.objects.get().number == "#1"
    assert ran.said[1]["problems"][0]["pointer"] == "/orders/1/line_items/0"
    product("K-2")
    drain()
    assert {each.number for each in Order.objects.all()} == {"#1", "#2"}


@pytest.mark.django_db
def test_products_are_added_when_asked(intake: Any, write: Any) -> None:
    ran = intake("shopify", write(order(line_items=[item(1), item(2, sku="")])), "--add-products")
    assert (ran.status, ran.outcomes) == (0, ["accepted"])
    assert [(each.sku, each.name) for each in catalogue.products()] == [
        ("K-1", "Kettle - red"), ("shopify:variant:52", "Kettle - red"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing(intake: Any, write: Any) -> None:
    product("K-1")
    path = write(order())
    assert intake("shopify", path).outcomes == ["accepted"]
    assert intake("shopify", path).outcomes == ["known"]
    assert (Order.objects.count(), Delivery.objects.count()) == (1, 1)
    assert [each.code for each in queries.channels()] == ["shopify"]


@pytest.mark.django_db
def test_what_is_blocked_is_kept_as_a_dead_letter(intake: Any, write: Any) -> None:
    path = write(b"\x00\xff binary")
    assert (intake("shopify", path).status, intake("shopify", path).outcomes) == (1, ["dead"])
    assert bytes(Delivery.objects.get().body) == b"\x00\xff binary"


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff", b"{", b"[" * 100_000, b'{"id": NaN}', b'{"id": 1, "id": 2}', b"[]", b"null", b"5", b'"\\ud800"'],
)
@pytest.mark.parametrize("kind", ["shopify", "csvfile"])
def test_bad_input_is_said_and_never_raised(intake: Any, write: Any, content: bytes, kind: str) -> None:
    ran = intake(kind, write(content), "--dry-run")
    assert (ran.status, ran.outcomes) == (1, ["blocked"])
    for problem in ran.said[0]["problems"]:
        assert problem["sentence"]
        assert problem["remedy"]


def test_a_missing_file_does_not_stop_the_others(intake: Any, write: Any, tmp_path: Path) -> None:
    ran = intake("shopify", tmp_path / "none.json", tmp_path, write(order()), "--dry-run")
    assert (ran.status, ran.outcomes) == (1, ["ready"])
    assert [each["code"] for each in ran.said if "code" in each] == ["intake.no_file"] * 2


def test_wrong_words_are_told(intake: Any, write: Any) -> None:
    ran = intake("shopify", write(order()), "--dry-run", "--time-zone", "Mars/Base")
    assert (ran.status, ran.said[0]["code"]) == (1, "intake.unknown_time_zone")


@pytest.mark.django_db
def test_an_unknown_channel_names_the_known_ones(intake: Any, write: Any) -> None:
    ran = intake("spotify", write(order()))
    assert (ran.status, ran.said[0]["code"]) == (1, "channels.unknown_kind")
    assert "shopify" in ran.said[0]["sentence"]
    assert queries.channels() == []


def test_the_samples_of_the_guide_are_without_fault(intake: Any) -> None:
    ran = intake("csvfile", *(SAMPLES / f"{name}.csv" for name in IN_ORDER), "--dry-run")
    assert (ran.status, set(ran.outcomes), ran.codes) == (0, {"ready"}, [])


@pytest.mark.django_db
def test_the_samples_of_the_guide_are_one_company(intake: Any) -> None:
    ran = intake("csvfile", *(SAMPLES / f"{name}.csv" for name in IN_ORDER))
    assert (ran.status, set(ran.outcomes), ran.codes) == (0, {"stored", "accepted"}, [])
    kettle = catalogue.product("KETTLE-17")
    plan = catalogue.plan_for(product=kettle, jurisdiction="DE", contract_date=date(2025, 11, 3))
    assert plan is not None
    assert (plan.version, plan.months) == (2, 24)
    page = queries.order_page(queries.find_order(number="2001", email="ada@example.com"))
    assert (page.holds, page.warnings) == ([], [])
    assert [line.serials for line in page.lines] == [("K17-000117", "K17-000118"), ()]
    serial = catalogue.find_serial(product=kettle, number="k17-000231")
    came = suppliers.source_of(product=kettle, serial=serial)
    assert came.supplier is not None
    assert came.purchase_order is not None
    assert (came.supplier.code, came.purchase_order.number, came.how) == ("NINGBO", "PO-2025-041", "scanned")
    assert came.shipment_batch is not None
    again = intake("csvfile", *(SAMPLES / f"{name}.csv" for name in IN_ORDER))
    assert (again.status, set(again.outcomes)) == (0, {"stored", "known"})


@pytest.mark.django_db
def test_a_row_that_lacks_its_reference_writes_nothing_and_stops_nobody(intake: Any, write: Any) -> None:
    product("K")
    rows = b"sku,batch,purchase_order\nK,B-1,PO-unknown\nK,B-2,\nnone,B-3,\n"
    ran = intake("csvfile", write(rows, "batches.csv"))
    assert (ran.status, ran.outcomes) == (1, ["blocked", "stored", "blocked"])
    assert ran.codes == ["suppliers.unknown_po_line", "catalogue.unknown_product"]
    with pytest.raises(catalogue.UnknownBatch):
        catalogue.batch(sku="K", number="B-1")
    assert catalogue.batch(sku="K", number="B-2").number == "B-2"


HEAD = "order,placed_at,currency,sku,quantity,paid,tax,refunded,payment,email,language,ship_city,delivered_at\n"
FULL = "7,2026-01-05,EUR,K,2,99.80,15.93,5.00,unpaid,ada@customer.example,de,Berlin,2026-01-08\n"


def _kept() -> dict[str, Any]:
    """Everything of the one order, as the database has it."""
    order = Order.objects.select_related("customer").get()
    fields = ("number", "total_minor", "payment", "delivered_at", "ship_to", "notes", "provenance", "source_updated_at")
    return {
        **{name: getattr(order, name) for name in fields},
        "customer": (order.customer.email, order.customer.language),
        "lines": list(order.lines.values("external_id", "title", "quantity", "paid_minor", "tax_minor", "refunded_minor")),
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("cut", range(3, len(FULL) - 1, 5))
def test_half_a_file_leaves_the_order_as_it_was(intake: Any, write: Any, cut: int) -> None:
    product("K")
    assert intake("csvfile", write((HEAD + FULL).encode(), "whole.csv")).outcomes == ["accepted"]
    before = _kept()
    ran = intake("csvfile", write((HEAD + FULL[:cut]).encode(), "half.csv"))
    assert (ran.status, ran.outcomes) == (1, ["dead"])
    assert _kept() == before


@pytest.mark.django_db
def test_the_whole_file_settles_what_half_of_it_left_behind(intake: Any, write: Any) -> None:
    product("K")
    whole = write((HEAD + FULL).encode(), "whole.csv")
    for cut, outcome in ((40, "accepted"), (45, "known")):
        half = write((HEAD + FULL[:cut]).encode(), f"half-{cut}.csv")
        assert intake("csvfile", half).outcomes == ["dead"]
        assert intake("csvfile", whole).outcomes == [outcome]
        assert queries.dead_letters() == []


@pytest.mark.django_db
def test_an_order_whose_last_cell_may_be_cut_is_held_and_the_whole_file_mends_it(intake: Any, write: Any) -> None:
    product("K")
    ran = intake("csvfile", write((HEAD + FULL.strip()).encode(), "cut.csv"))
    assert (ran.outcomes, "completeness.cut_off" in ran.codes) == (["accepted"], True)
    assert intake("csvfile", write((HEAD + FULL).encode(), "whole.csv")).outcomes == ["accepted"]
    assert "completeness.cut_off" not in [each["code"] for each in _kept()["notes"]]
    before = _kept()
    later = FULL.replace("7,2026-01-05", "7,2026-01-06").strip()
    ran = intake("csvfile", write((HEAD + later).encode(), "later.csv"))
    assert (ran.outcomes, ran.codes) == (["dead"], ["transition.cut_off"])
    assert _kept() == before


@pytest.mark.django_db
def test_what_a_newer_file_does_not_say_stays_and_a_dash_takes_it_back(intake: Any, write: Any) -> None:
    product("K")
    intake("csvfile", write((HEAD + FULL).encode(), "first.csv"))
    before = _kept()
    fewer = b"order,placed_at,updated_at,currency,sku,quantity,paid,email,delivered_at\n"
    ran = intake("csvfile", write(fewer + b"7,2026-01-05,2026-02-01,EUR,K,2,99.80,,\n", "second.csv"))
    after = _kept()
    assert ran.outcomes == ["accepted"]
    for name in ("payment", "delivered_at", "ship_to", "customer", "lines", "total_minor"):
        assert after[name] == before[name], name
    assert after["provenance"]["delivered_at"] == before["provenance"]["delivered_at"]
    assert "semantics.unpaid" in ran.codes  # what stays is judged with the rest
    ran = intake("csvfile", write(fewer + b"7,2026-01-05,2026-03-01,EUR,K,2,99.80,,-\n", "third.csv"))
    assert (ran.outcomes, _kept()["delivered_at"]) == (["accepted"], None)


@pytest.mark.django_db
def test_a_line_without_a_row_stays_and_a_person_reads_it(intake: Any, write: Any) -> None:
    product("K")
    head = "order,placed_at,updated_at,currency,line,sku,quantity,paid,shipping\n"
    first, second = "7,2026-01-05,,EUR,a,K,1,10.00,4.90\n", "7,,,,b,K,2,20.00,\n"
    intake("csvfile", write((head + first + second).encode(), "first.csv"))
    newer = head + first.replace("05,,EUR", "05,2026-02-01,EUR").replace("4.90", "")
    ran = intake("csvfile", write(newer.encode(), "second.csv"))
    assert (ran.outcomes, "semantics.line_not_said" in ran.codes) == (["accepted"], True)
    order = Order.objects.get()
    lines = order.lines.values_list("external_id", "paid_minor", "refunded_minor", "refunded_quantity")
    assert list(lines) == [("a", 1000, 0, 0), ("b", 2000, 0, 0)]
    assert order.total_minor == 3490


@pytest.mark.django_db
def test_less_paid_than_was_given_back_is_refused_and_changes_nothing(intake: Any, write: Any) -> None:
    product("K")
    intake("csvfile", write((HEAD + FULL).encode(), "first.csv"))
    before = _kept()
    less = b"order,placed_at,updated_at,currency,sku,quantity,paid\n7,2026-01-05,2026-02-01,EUR,K,2,4.00\n"
    ran = intake("csvfile", write(less, "second.csv"))
    assert ran.outcomes == ["dead"]
    assert {"arithmetic.tax_above_paid", "arithmetic.refund_above_paid"} <= set(ran.codes)
    assert _kept() == before


@pytest.mark.django_db
def test_an_earlier_version_again_says_that_another_one_counts(
    intake: Any, write: Any, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    product("K")
    first = write((HEAD + FULL).encode(), "first.csv")
    second = write((HEAD + FULL.replace("Berlin", "Bonn")).encode(), "second.csv")
    assert (intake("csvfile", first).outcomes, intake("csvfile", second).outcomes) == (["accepted"], ["accepted"])
    before = _kept()
    entry.main(["intake", "csvfile", str(first)])
    assert "another version came after it" in capsys.readouterr().out
    assert _kept() == before


@pytest.mark.django_db
def test_one_row_of_two_without_ids_does_not_overwrite_the_other(intake: Any, write: Any) -> None:
    product("K")
    product("L")
    head = "order,placed_at,updated_at,currency,sku,quantity,paid\n"
    kettle, lamp = "7,2026-01-05,,EUR,K,1,10.00\n", "7,2026-01-05,,EUR,L,2,20.00\n"
    intake("csvfile", write((head + kettle + lamp).encode(), "first.csv"))
    before = list(Order.objects.get().lines.order_by("sku").values("external_id", "sku", "quantity", "paid_minor"))
    ran = intake("csvfile", write((head + lamp.replace(",,EUR", ",2026-02-01,EUR")).encode(), "second.csv"))
    assert (ran.outcomes, ran.codes.count("semantics.line_not_said")) == (["accepted"], 1)
    after = list(Order.objects.get().lines.order_by("sku").values("external_id", "sku", "quantity", "paid_minor"))
    assert after == before
