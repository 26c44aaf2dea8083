from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "recoup.foundation.database"
    label = "database"
