from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "recoup.domain.evidence"
    label = "evidence"
