from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "recoup.channels"
    label = "channels"
