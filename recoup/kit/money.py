"""Money: integer minor units and an ISO 4217 currency; nothing is ever a float."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# ISO 4217 exponents that are not 2. Source: ISO 4217:2015, table A.1.
EXPONENTS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
_GERMAN = str.maketrans(".,", ",.")
_DECIMAL = re.compile(r"^\s*(-?)(\d{1,15})(?:\.(\d*))?\s*$", re.ASCII)


def exponent(currency: str) -> int:
    """How many decimals the currency has: 2 for EUR, 0 for JPY, 3 for KWD."""
    return EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents) of one currency. Adding two currencies raises ValueError."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.minor, int) or isinstance(self.minor, bool):
            raise TypeError("Money counts whole minor units.")
        if not re.fullmatch(r"[A-Z]{3}", self.currency):
            raise ValueError(f"{self.currency!r} is not an ISO 4217 currency code.")

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """Read a decimal written as text, such as '49.90'. Raises ValueError for anything else.

        Digits beyond the currency's exponent are refused unless they are zero, so no cent is
        rounded away unseen.
        """
        match = _DECIMAL.match(text)
        if not match:
            raise ValueError(f"{text!r} is not a decimal amount.")
        sign, whole, fraction = match.groups()
        places = exponent(currency)
        fraction = (fraction or "").rstrip("0")
        if len(fraction) > places:
            raise ValueError(f"{text!r} has more decimals than {currency} knows ({places}).")
        minor = int(whole) * 10**places + int((fraction or "0").ljust(places, "0") if places else 0)
        return cls(-minor if sign else minor, currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        return sum(amounts, cls.zero(currency))

    def _same(self, other: Money) -> None:
        if other.currency != self.currency:
            raise ValueError(f"{self} and {other} are of two currencies.")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Share this amount by whole weights; the parts add up to it exactly.

        Largest remainders get the left-over cents, the earliest first. Raises ValueError when
        the weights are empty, negative or all zero.
        """
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise ValueError("Weights must be whole, not negative, and not all zero.")
        sign, size = (-1, -self.minor) if self.minor < 0 else (1, self.minor)
        parts = [size * weight // whole for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % whole), i))
        for i in by_remainder[: size - sum(parts)]:
            parts[i] += 1
        return [Money(sign * part, self.currency) for part in parts]

    def share(self, part: int, whole: int) -> Money:
        """part/whole of this amount, such as 2 of 3 units, rounded as split() rounds."""
        return self.split([part, whole - part])[0]

    def decimal(self) -> str:
        """The plain decimal, without the currency: '-1249.90'."""
        places = exponent(self.currency)
        digits = str(abs(self.minor)).rjust(places + 1, "0")
        text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
        return f"-{text}" if self.minor < 0 else text

    def written(self, language: str) -> str:
        """As people of this language write it: '1.249,90 €' in German, and as str() does where we know no other way.

        Only the euro has its sign: a dollar's is that of many countries.
        """
        if language.partition("-")[0] != "de":
            return str(self)
        number = str(self).rpartition(" ")[0].translate(_GERMAN)
        return f"{number}\N{NO-BREAK SPACE}{'€' if self.currency == 'EUR' else self.currency}"

    def __str__(self) -> str:
        """For a screen: '1,249.90 EUR'."""
        whole, dot, fraction = self.decimal().removeprefix("-").partition(".")
        return f"{'-' if self.minor < 0 else ''}{int(whole):,}{dot}{fraction} {self.currency}"
