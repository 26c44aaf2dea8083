"""The customer's addresses: everything hangs on the link's secret."""

from django.urls import path

from recoup.web.capture import front_door, offline, views

app_name = "capture"
urlpatterns = [
    path("", front_door.front_door, name="front_door"),
    path("code/", front_door.code, name="code"),
    path("language", front_door.language, name="door_language"),
    path("01/<path:said>", front_door.box, name="box"),  # GS1 Digital Link: 01 says that a GTIN follows
    path("app.webmanifest", offline.app, name="app"),
    path("c/", offline.start, name="start"),
    path("c/worker.js", offline.worker, name="worker"),  # here, so that it is in charge of the links alone
    path("c/no-line", offline.no_line, name="no_line"),
    path("c/<str:secret>/", views.capture, name="capture"),
    path("c/<str:secret>/draft", views.draft, name="draft"),
    path("c/<str:secret>/photos", views.photos, name="photos"),
    path("c/<str:secret>/photos/<uuid:photo_id>", views.photo, name="photo"),
    path("c/<str:secret>/send-anyway", views.send_anyway, name="send_anyway"),
    path("c/<str:secret>/send", views.send, name="send"),
    path("c/<str:secret>/status", views.status, name="status"),
    path("c/<str:secret>/status/now", views.status_now, name="status_now"),
    path("c/<str:secret>/code.svg", views.handover, name="handover"),
    path("c/<str:secret>/rma.svg", views.rma_code, name="rma_code"),
    path("c/<str:secret>/language", views.language, name="language"),
    path("c/<str:secret>/another", views.another, name="another"),
    path("c/<str:secret>/label.pdf", views.label, name="label"),
    path("c/<str:secret>/cancel", views.cancel, name="cancel"),
    path("c/<str:secret>/appeal", views.appeal, name="appeal"),
]
