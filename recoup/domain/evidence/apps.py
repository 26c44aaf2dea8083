from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "recoup.domain.evidence"
    label = "evidence"

    def ready(self) -> None:
        from recoup.domain.evidence import facts, sweeping  # noqa: F401  (registers the facts and the job)
        from recoup.domain.evidence.sentences import SENTENCES
        from recoup.foundation.audit import sentences

        sentences.register(SENTENCES)
