from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "recoup.domain.returns"
    label = "returns"
