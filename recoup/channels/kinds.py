"""The kinds of channel there are, and the one way to use any of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from recoup.channels.csvfile import orders as csv_orders
from recoup.channels.reading import ChannelSettings, Part
from recoup.channels.shopify import document, order, signature
from recoup.domain.orders.canonical import Reading
from recoup.kit.refusal import Refusal


class UnknownKind(Refusal):
    code, status = "channels.unknown_kind", 400
    sentence = "There is no channel called “{name}”. Known kinds: {known}."


@dataclass(frozen=True, slots=True)
class Kind:
    """``split`` cuts a file into orders, ``translate`` reads one order, ``named`` says which one it is, for people.

    ``verify`` is None where nothing is signed.
    """

    name: str
    title: str
    split: Callable[[bytes], list[Part]]
    translate: Callable[[bytes, ChannelSettings], Reading]
    named: Callable[[bytes], str]
    verify: Callable[[bytes, Mapping[str, str], str], bool] | None = None
    delivery_key: Callable[[bytes, Mapping[str, str]], str] | None = None
    topic: Callable[[Mapping[str, str]], str] | None = None


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "shopify", "Shopify", document.split, order.translate, document.named, signature.verify,
            signature.delivery_key, signature.topic,
        ),
        Kind("csvfile", "CSV file", csv_orders.split, csv_orders.translate, csv_orders.named),
    )
}  # fmt: skip


def kind(name: str) -> Kind:
    """Raises UnknownKind."""
    if name not in KINDS:
        raise UnknownKind(name=name, known=", ".join(KINDS))
    return KINDS[name]
