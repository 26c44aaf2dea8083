from collections.abc import Mapping, Sequence

from django.apps import AppConfig

from recoup.foundation.facts.flows import Flow
from recoup.foundation.facts.wiring import wire_from


class FlowsConfig(AppConfig):
    name = "recoup.flows"
    label = "flows"

    def ready(self) -> None:
        wire_from(_table)


def _table() -> Mapping[type, Sequence[Flow]]:
    from recoup.flows.wiring import WIRING

    return WIRING
