"""The steps of the whole line: phone → decision → desk → finance pays → warehouse → claim → supplier → credit → closed file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from recoup.cli.sample import scenes
from recoup.cli.sample.cases import sale
from tests.journeys import phone
from tests.journeys.conftest import DESK, PHONE, Visits

DECIDED = 60_000  # milliseconds
REDRAWN = 240_000  # redacting takes seconds per photo, many on a busy machine


def photos_of(number: int, folder: Path) -> dict[str, Path]:
    """Rendered photos of this buyer, as files, and one by an unsteady hand."""
    about = sale(number)
    taken = {
        shot: scenes.scene(shot, serial=about.serial, sku=about.sku, address=about.address, seed=number)
        for shot in ("overall", "close_up")
    }
    taken["blurred"] = scenes.blurred(taken["overall"])
    return {name: phone.kept(photo, folder / f"{number}-{name}.jpg") for name, photo in taken.items()}


def customer_sends(visits: Visits, photos: dict[str, Path], shoot: Callable[..., Path]) -> str:
    """Blurred first, then well; a reload loses nothing; the answer comes by itself. Returns the RMA number."""
    page = visits.page(PHONE, phone=True)
    page.goto(f"/c/{visits.house.secrets['2001']}/")
    phone.choose_defect(page, "It is cracked or broken")
    phone.take(page, photos["blurred"])
    expect(page.get_by_text("out of focus")).to_be_visible(timeout=phone.JUDGED)
    phone.take(page, photos["overall"])
    phone.judged_good(page)
    shoot(page, "phone", shown=True)
    phone.onward(page)
    phone.take(page, photos["close_up"])
    phone.judged_good(page)
    page.reload()
    phone.judged_good(page)
    phone.send(page, serial=sale(2001).serial)
    expect(page.get_by_role("heading", name="Your return is approved")).to_be_visible(timeout=DECIDED)
    expect(page.get_by_text("34.95 EUR", exact=True)).to_be_visible()
    expect(page.get_by_text("Approved: 34.95 EUR will be paid back the way you paid")).to_be_visible()
    expect(page.get_by_text("reference")).to_have_count(0)
    expect(page.get_by_text(re.compile("RMA-")).first).to_be_visible()
    shoot(page, "status")
    found = re.search(r"RMA-[0-9A-Z]{4}-[0-9A-Z]{4}", page.inner_text("main"))
    assert found
    return found[0]


def agent_approves_what_policy_leaves_open(visits: Visits, photos: dict[str, Path], shoot: Callable[..., Path]) -> None:
    customer = visits.page(PHONE, phone=True)
    customer.goto(f"/c/{visits.house.secrets['2002']}/")
    phone.choose_defect(customer, "It does not start")
    for shot in ("overall", "close_up"):
        phone.take(customer, photos[shot])
        phone.judged_good(customer)
        phone.onward(customer)
    phone.send(customer)

    page = visits.desk("agent", "/desk/queue/")
    row = page.get_by_role("row").filter(has_text="Kettle for the stove")
    expect(row).to_be_visible(timeout=DECIDED)
    shoot(page, "queue")
    case = re.search(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}", customer.inner_text("main"))
    assert case
    page.goto(f"/desk/cases/{case[0]}/")
    expect(page.get_by_role("region", name="Checks")).to_contain_text("No warranty plan is known")
    expect(page.get_by_role("region", name="Photos").get_by_role("img").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    shoot(page, "desk", shown=True)
    page.get_by_role("button", name=re.compile("Approve refund of 59.00")).click()
    expect(page.get_by_text("Approved").first).to_be_visible()
    expect(customer.get_by_role("heading", name="Your return is approved")).to_be_visible(timeout=DECIDED)


def finance_pays(visits: Visits, rma: str, shoot: Callable[..., Path]) -> None:
    """Paid is what finance says was paid: without a reference not at all, with one once, and the customer reads it."""
    customer = visits.page(PHONE, phone=True)
    customer.goto(f"/c/{visits.house.secrets['2001']}/status")
    expect(customer.get_by_text("Money sent")).to_have_count(1)
    page = visits.desk("finance", "/desk/finance/")
    row = page.locator("#to-pay").get_by_role("row").filter(has_text="#2001")
    row.get_by_label("reference").fill("BANK-2026-0417")
    shoot(page, "finance")
    row.get_by_role("button", name="Mark 34.95 EUR as paid").click()
    expect(page.get_by_text("34.95 EUR is marked as paid")).to_be_visible()
    expect(page.locator("#paid").get_by_role("row").filter(has_text="#2001")).to_contain_text("BANK-2026-0417")
    expect(page.locator("#to-pay").get_by_role("row").filter(has_text="#2001")).to_have_count(0)
    paid = customer.get_by_role("listitem").filter(has_text="Money sent, reference BANK-2026-0417")
    expect(paid).to_be_visible(timeout=DECIDED)
    expect(customer.get_by_text(rma).first).to_be_visible()


def warehouse_takes_in(visits: Visits, rma: str, shoot: Callable[..., Path]) -> None:
    page = visits.desk("warehouse", "/desk/receiving/")
    page.get_by_label("RMA number").fill("RMA-0000-0000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("no RMA number of ours")
    page.get_by_label("RMA number").fill(rma)
    page.keyboard.press("Enter")
    page.get_by_text("defective or broken").click()
    shoot(page, "receiving")
    page.get_by_role("button", name="Take in to Quality Reject").click()
    expect(page.get_by_text("taken in, now in Quality Reject")).to_be_visible()
    page.goto("/desk/stock/")
    expect(page.get_by_role("row").filter(has_text="KETTLE-17").filter(has_text="Quality Reject").first).to_be_visible()


def quality_signs(visits: Visits, shoot: Callable[..., Path]) -> str:
    """Each outgoing photo beside its original, signed; then the decision sentence. Returns the claim's number."""
    page = visits.desk("quality", "/desk/claims/")
    page.get_by_role("row").filter(has_text="Kestrel").get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/desk/claims/C-"))
    number = re.search(r"C-\d{4}-\d{5}", page.url)
    assert number
    for _ in range(2):
        sign_one(page, number[0], shoot)
    page.goto(f"/desk/claims/{number[0]}/")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Why?").locator("visible=true").fill("The crack shows in both photos.")
    page.get_by_role("button", name="Keep this answer").click()
    page.get_by_role("button", name=re.compile("Hand it to a buyer")).click()
    expect(page.get_by_text("A buyer has to approve or refuse.").first).to_be_visible()
    return number[0]


def sign_one(page: Page, number: str, shoot: Callable[..., Path]) -> None:
    """The first photo that waits, as soon as it has been redacted."""
    sign = page.get_by_role("button", name=re.compile("Sign this copy"))
    page.goto(f"/desk/claims/{number}/signoff/")
    for _ in range(REDRAWN // 2000):
        if sign.is_visible():
            break
        page.wait_for_timeout(2000)
        page.goto(f"/desk/claims/{number}/signoff/")
    page.wait_for_load_state("networkidle")
    shoot(page, "signoff")
    before = page.get_by_role("progressbar").get_attribute("value")
    sign.click()
    expect(page.get_by_role("progressbar").first).not_to_have_attribute("value", before or "0")


def buyer_approves_and_hands_the_link_over(visits: Visits, claim: str, shoot: Callable[..., Path]) -> str:
    page = visits.desk("buyer", f"/desk/claims/{claim}/")
    page.goto(f"/desk/claims/{claim}/?tab=approval")
    shoot(page, "claim")
    approve = page.get_by_role("button", name=re.compile(r"Approve .*7.35"))
    approve.click()
    expect(approve).to_be_hidden()
    page.goto(f"/desk/claims/{claim}/?tab=supplier")
    make = page.get_by_role("button", name=re.compile("Make a"))
    for _ in range(60):
        if make.is_visible():
            break
        page.wait_for_timeout(1000)
        page.goto(f"/desk/claims/{claim}/?tab=supplier")
    make.click()
    return page.get_by_label("The supplier’s link").input_value()


def supplier_accepts(visits: Visits, link: str, shoot: Callable[..., Path]) -> None:
    page = visits.page(DESK)
    page.goto(link)
    expect(page.get_by_role("heading", name=re.compile("Claim C-"))).to_be_visible()
    for secret in ("Ada Nowak", "Lindenweg", "#2001", "ada@customer.example"):
        assert secret not in page.content()
    page.wait_for_load_state("networkidle")
    shoot(page, "supplier")
    page.get_by_label("Accept", exact=True).check()
    page.get_by_role("button", name="Send these answers").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you")


def finance_records(visits: Visits, claim: str) -> None:
    page = visits.desk("finance", f"/desk/claims/{claim}/")
    page.goto(f"/desk/claims/{claim}/?tab=recovery")
    page.get_by_label("Its number").fill("CN-5521")
    page.get_by_label(re.compile("Amount, in USD")).fill("7.35")
    page.get_by_role("button", name="Record and book it").click()
    expect(page.get_by_role("heading", name="Nothing is open")).to_be_visible()


def buyer_closes(visits: Visits, claim: str, shoot: Callable[..., Path]) -> None:
    page = visits.desk("buyer", f"/desk/claims/{claim}/")
    page.goto(f"/desk/claims/{claim}/?tab=recovery")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".handoff > li.green")).to_have_count(4)
    page.get_by_role("button", name="Close the file").click()
    expect(page.get_by_text("The file is closed.", exact=True)).to_be_visible()
    shoot(page, "closed")
