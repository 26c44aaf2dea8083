from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "recoup.foundation.notices"
    label = "notices"

    def ready(self) -> None:
        from recoup.foundation.audit import sentences
        from recoup.foundation.notices import sending  # noqa: F401  (registers the jobs)
        from recoup.foundation.notices.sentences import SENTENCES

        sentences.register(SENTENCES)
