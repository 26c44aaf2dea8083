from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "recoup.domain.ledger"
    label = "ledger"

    def ready(self) -> None:
        from recoup.domain.ledger.sentences import SENTENCES
        from recoup.foundation.audit import sentences

        sentences.register(SENTENCES)
