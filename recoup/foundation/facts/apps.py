from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "recoup.foundation.facts"
    label = "facts"
