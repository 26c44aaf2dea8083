from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "recoup.foundation.files"
    label = "files"

    def ready(self) -> None:
        from recoup.foundation.audit import sentences
        from recoup.foundation.files.sentences import SENTENCES

        sentences.register(SENTENCES)
