from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "recoup.domain.claims"
    label = "claims"

    def ready(self) -> None:
        from recoup.domain.claims import expiring, facts  # noqa: F401  (registers the facts and the periodic job)
        from recoup.domain.claims.sentences import SENTENCES
        from recoup.foundation.audit import sentences

        sentences.register(SENTENCES)
