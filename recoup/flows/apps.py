from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "recoup.flows"
    label = "flows"

    def ready(self) -> None:
        from recoup.flows.wiring import WIRING
        from recoup.foundation.facts.wiring import wire

        wire(WIRING)
