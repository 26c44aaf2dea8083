from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    name = "recoup.domain.warehouse"
    label = "warehouse"
