from django.apps import AppConfig


class CaptureConfig(AppConfig):
    name = "recoup.web.capture"
    label = "capture"
