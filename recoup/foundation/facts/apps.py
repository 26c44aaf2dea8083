from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "recoup.foundation.facts"
    label = "facts"

    def ready(self) -> None:
        from recoup.foundation.facts import runner  # noqa: F401  (registers the job)
