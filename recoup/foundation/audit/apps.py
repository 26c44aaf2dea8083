from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "recoup.foundation.audit"
    label = "audit"
