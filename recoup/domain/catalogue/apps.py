from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "recoup.domain.catalogue"
    label = "catalogue"
