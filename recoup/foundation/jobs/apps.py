from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "recoup.foundation.jobs"
    label = "jobs"
