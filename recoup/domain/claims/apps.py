from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "recoup.domain.claims"
    label = "claims"
