from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    name = "recoup.domain.suppliers"
    label = "suppliers"

    def ready(self) -> None:
        from recoup.domain.suppliers.sentences import SENTENCES
        from recoup.foundation.audit import sentences

        sentences.register(SENTENCES)
