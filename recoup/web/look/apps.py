from django.apps import AppConfig


class LookConfig(AppConfig):
    name = "recoup.web.look"
    label = "look"
