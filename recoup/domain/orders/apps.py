from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "recoup.domain.orders"
    label = "orders"
