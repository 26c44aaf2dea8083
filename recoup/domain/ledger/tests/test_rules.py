from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.ledger import accounts
from recoup.domain.ledger.rules import Leg, balanced, fair_share, tax_rate_bp, transfer
from recoup.kit.money import Money


@given(paid=st.integers(0, 10**9), whole=st.integers(1, 50), data=st.data())
def test_crediting_in_any_pieces_gives_back_exactly_what_was_paid(paid: int, whole: int, data: st.DataObject) -> None:
    tax = data.draw(st.integers(0, paid))
    net_sum = tax_sum = before = 0
    while before < whole:
        quantity = data.draw(st.integers(1, whole - before))
        net, part = fair_share(
            paid=Money(paid, "EUR"), tax=Money(tax, "EUR"), quantity=quantity, whole=whole, before=before
        )
        assert net.minor >= 0 and part.minor >= 0
        assert abs((net + part).minor * whole - paid * quantity) < whole
        net_sum, tax_sum, before = net_sum + net.minor, tax_sum + part.minor, before + quantity
    assert (net_sum, tax_sum) == (paid - tax, tax)


def test_one_of_two_is_half_whatever_the_tax() -> None:
    euros = [
        fair_share(paid=Money(9980, "EUR"), tax=Money(1593, "EUR"), quantity=1, whole=2, before=before)
        for before in (0, 1)
    ]
    assert [(net + tax).minor for net, tax in euros] == [4990, 4990]
    assert sum(tax.minor for _, tax in euros) == 1593


@given(amount=st.integers(-(10**12), 10**12))
def test_a_transfer_always_balances(amount: int) -> None:
    legs = transfer(debit=accounts.WRITE_OFF, credit=accounts.SUPPLIER_RECEIVABLE, amount=Money(amount, "USD"))
    assert balanced(legs) is bool(amount)


def test_two_currencies_do_not_balance_each_other() -> None:
    assert not balanced([Leg(accounts.WRITE_OFF, Money(1, "EUR")), Leg(accounts.WRITE_OFF, Money(-1, "USD"))])


def test_the_tax_rate_is_read_off_the_amounts() -> None:
    assert tax_rate_bp(net=Money(10000, "EUR"), tax=Money(1900, "EUR")) == 1900
    assert tax_rate_bp(net=Money(0, "EUR"), tax=Money(0, "EUR")) == 0
