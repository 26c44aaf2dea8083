from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "recoup.domain.ledger"
    label = "ledger"
