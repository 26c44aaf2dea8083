from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "recoup.domain.orders"
    label = "orders"

    def ready(self) -> None:
        from recoup.domain.orders.sentences import SENTENCES
        from recoup.foundation.audit import sentences

        sentences.register(SENTENCES)
