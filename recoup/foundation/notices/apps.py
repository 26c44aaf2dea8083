from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "recoup.foundation.notices"
    label = "notices"
