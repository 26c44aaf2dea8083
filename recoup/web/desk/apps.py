from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "recoup.web.desk"
    label = "desk"
