"""What comes back on a claim, and the end of its file: booked once, matched, written off, closed, opened again."""

from __future__ import annotations

import pytest
from django.urls import reverse

from recoup.domain.claims.models import Closeout, Recovery
from recoup.domain.claims.tests import factories
from recoup.domain.claims.tests.conftest import own_store  # noqa: F401  # a fixture for every test here
from recoup.web.desk import typed
from recoup.web.desk.tests.claim_pages import post, signed_in, tab


def credit(**other: str) -> dict[str, str]:
    return {"kind": "credit_note", "reference": "CN-77", "dated": "2025-06-01", "amount": "17.00"} | other


CANNOT_BE = [
    {"reference": ""}, {"amount": "0"}, {"amount": "x"}, {"dated": "2199-01-01"}, {"kind": "gift"}, {"amount": "99"},
]  # fmt: skip


@pytest.mark.django_db
def test_a_recovery_that_cannot_be_is_not_booked(subtests: pytest.Subtests) -> None:
    claim = factories.answered("accept")
    for other in CANNOT_BE:
        with subtests.test(msg=str(other)):
            response = post(signed_in("finance")[0], "claim_record", claim, **credit(**other))
            assert response.status_code in (409, 422)
            assert not Recovery.objects.exists()
            assert factories.fresh(claim).state == "accepted"


@pytest.mark.django_db
def test_a_credit_is_proposed_recorded_once_and_the_file_is_closed() -> None:
    claim = factories.answered("accept")
    client, _ = signed_in("finance")
    proposed = client.get(reverse("desk:claim_proposal", args=[claim.number]), {"amount": "20.00"}).content.decode()
    assert 'value="8.50"' in proposed and "3.00 USD finds no line" in proposed
    assert client.get(reverse("desk:claim_proposal", args=[claim.number]), {"amount": "2x"}).status_code == 422
    assert post(client, "claim_record", claim, **credit()).status_code == 302
    assert post(client, "claim_record", claim, **credit()).status_code == 409
    assert Recovery.objects.count() == 1
    assert "Nothing is open" in tab(client, claim, "recovery")
    buyer, _ = signed_in("buyer")
    assert post(buyer, "claim_close", claim).status_code == 409
    page = buyer.get(reverse("desk:claim", args=[claim.number]), {"tab": "recovery"})
    note = {name: line for name, _, line in page.context["closeout"]}
    assert post(buyer, "claim_closeout", claim, **note | {"issue": ""}).status_code == 422
    assert not Closeout.objects.exists()
    post(buyer, "claim_closeout", claim, **note)
    post(buyer, "claim_close", claim)
    assert factories.fresh(claim).state == "closed"
    assert "The file is closed" in tab(buyer, claim, "recovery")
    assert post(buyer, "claim_reopen", claim, why="").status_code == 422
    post(buyer, "claim_reopen", claim, why="A second crack was found.")
    assert factories.fresh(claim).state == "acknowledged"
    post(buyer, "claim_settle", claim)
    assert factories.fresh(claim).state == "recovered"


@pytest.mark.django_db
def test_a_credit_without_a_line_is_matched_by_a_person() -> None:
    claim = factories.answered("accept")
    client, _ = signed_in("finance")
    post(client, "claim_record", claim, **credit(matched="1"))
    recovery = Recovery.objects.get()
    assert "Where do the 17.00 USD of CN-77 belong?" in tab(client, claim, "recovery")
    first, second = factories.lines(claim)
    too_much = post(client, "claim_match", claim, recovery.pk, **{f"match-{first.pk}": "17.00"})
    assert (too_much.status_code, recovery.matches.count()) == (422, 0)
    post(client, "claim_match", claim, recovery.pk, **{f"match-{first.pk}": "8.50", f"match-{second.pk}": "8.50"})
    assert factories.fresh(claim).state == "recovered"


@pytest.mark.django_db
def test_what_is_given_up_needs_a_reason() -> None:
    claim = factories.answered("dispute")
    client, _ = signed_in("finance")
    assert post(client, "claim_write_off", claim, reason="").status_code == 422
    assert factories.fresh(claim).state == "disputed"
    post(client, "claim_write_off", claim, reason="Too small to argue about.")
    assert factories.fresh(claim).state == "written_off"


@pytest.mark.django_db
def test_what_came_back_in_part_is_not_called_written_off_and_too_much_is_called_overpaid() -> None:
    claim = factories.answered("partial", amount=600)
    client, _ = signed_in("finance")
    post(client, "claim_record", claim, **credit(amount="13.00"))
    shown = tab(client, claim, "recovery")
    assert "the supplier has overpaid 1.00 USD" in shown and "-1.00" not in shown
    recovery = Recovery.objects.get()
    line = next(each for each in factories.lines(claim) if each.recovered_minor == 600)
    post(client, "claim_match", claim, recovery.pk, **{f"match-{line.pk}": "1.00"})
    assert "has overpaid" not in tab(client, claim, "recovery")
    post(client, "claim_write_off", claim, reason="Too little to quarrel over.")
    assert factories.fresh(claim).state == "written_off"
    for page in (tab(client, claim, "recovery"), client.get(reverse("desk:claims")).content.decode()):
        assert "recovered in part, to close" in page and "written off, to close" not in page


@pytest.mark.django_db
def test_a_written_off_claim_is_opened_again_credited_and_closed_again() -> None:
    claim = factories.answered("accept")
    finance, buyer = signed_in("finance")[0], signed_in("buyer")[0]
    post(finance, "claim_write_off", claim, reason="They are silent.")
    refused = post(finance, "claim_record", claim, **credit(amount="10.00"))
    assert refused.status_code == 409 and "A buyer opens it again" in refused.content.decode()
    assert "The write-off of 17.00" in tab(buyer, claim, "recovery")
    post(buyer, "claim_reopen", claim, why="A payment came late.")
    page = tab(finance, claim, "recovery")
    assert "17.00 USD is written off no more" in tab(buyer, claim, "recovery")
    assert "The supplier&#x27;s credit has to come." in page and "The supplier has to answer." not in page
    assert "Record what came back" in page and post(buyer, "claim_settle", claim).status_code == 409
    post(finance, "claim_record", claim, **credit(amount="10.00"))
    post(finance, "claim_write_off", claim, reason="The rest is lost.")
    note = {
        name: line
        for name, _, line in buyer.get(reverse("desk:claim", args=[claim.number]), {"tab": "recovery"}).context[
            "closeout"
        ]
    }
    post(buyer, "claim_closeout", claim, **note)
    post(buyer, "claim_close", claim)
    assert factories.fresh(claim).state == "closed"


@pytest.mark.django_db
def test_a_fully_recovered_claim_that_is_opened_again_asks_nothing_of_the_supplier() -> None:
    claim = factories.answered("accept")
    client, buyer = signed_in("finance")[0], signed_in("buyer")[0]
    post(client, "claim_record", claim, **credit())
    post(buyer, "claim_reopen", claim, why="A second crack was found.")
    page = tab(buyer, claim, "recovery")
    assert "The supplier has to answer." not in page and "nothing is open on it" in page and "reply by" not in page
    assert (
        "Nothing came of it: settle as before" in page
        and "opened again" in buyer.get(reverse("desk:claims")).content.decode()
    )


@pytest.mark.django_db
def test_a_credit_before_an_answer_is_told_what_comes_first() -> None:
    claim = factories.visiting()[0]
    client, _ = signed_in("finance")
    assert "Is a credit here already? First write down what the supplier says" in tab(client, claim, "recovery")
    refused = post(client, "claim_record", claim, **credit())
    assert refused.status_code == 409 and "First write down what the supplier says" in refused.content.decode()
    assert not Recovery.objects.exists()


@pytest.mark.parametrize(("currency", "example"), [("EUR", "1249.90"), ("JPY", "124990"), ("KWD", "124.990")])
def test_the_example_of_an_amount_fits_its_currency(currency: str, example: str) -> None:
    with pytest.raises(typed.NotAnAmount) as no:
        typed.amount("1.2345", currency)
    assert no.value.say().endswith(f"Write it like {example}.")
