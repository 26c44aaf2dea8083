from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    name = "recoup.domain.suppliers"
    label = "suppliers"
