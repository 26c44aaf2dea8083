from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "recoup.foundation.files"
    label = "files"
