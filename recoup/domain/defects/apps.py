from django.apps import AppConfig


class DefectsConfig(AppConfig):
    name = "recoup.domain.defects"
    label = "defects"
