from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "recoup.domain.returns"
    label = "returns"

    def ready(self) -> None:
        from recoup.domain.returns import facts, sweeping  # noqa: F401  (registers the facts and the job)
        from recoup.domain.returns.sentences import SENTENCES
        from recoup.foundation.audit import sentences

        sentences.register(SENTENCES)
