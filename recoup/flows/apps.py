from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "recoup.flows"
    label = "flows"
