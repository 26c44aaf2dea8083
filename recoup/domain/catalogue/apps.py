from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "recoup.domain.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from recoup.domain.catalogue.sentences import SENTENCES
        from recoup.foundation.audit import sentences

        sentences.register(SENTENCES)
