from django.apps import AppConfig


class SupplierConfig(AppConfig):
    name = "recoup.web.supplier"
    label = "supplier"
