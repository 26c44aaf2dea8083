from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    name = "recoup.domain.warehouse"
    label = "warehouse"

    def ready(self) -> None:
        from recoup.domain.warehouse.sentences import SENTENCES
        from recoup.foundation.audit import sentences

        sentences.register(SENTENCES)
