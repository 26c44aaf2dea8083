from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "recoup.domain.insight"
    label = "insight"
