from django.apps import AppConfig


class DefectsConfig(AppConfig):
    name = "recoup.domain.defects"
    label = "defects"

    def ready(self) -> None:
        from recoup.domain.defects.sentences import SENTENCES
        from recoup.foundation.audit import sentences

        sentences.register(SENTENCES)
