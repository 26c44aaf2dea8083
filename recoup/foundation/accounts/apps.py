from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "recoup.foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        from recoup.foundation.accounts.sentences import SENTENCES
        from recoup.foundation.audit import sentences

        sentences.register(SENTENCES)
