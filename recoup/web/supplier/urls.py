"""The supplier's addresses: everything hangs on the link's secret."""

from django.urls import path

from recoup.web.supplier import views

app_name = "supplier"
urlpatterns = [
    path("supplier/<str:secret>/", views.room, name="room"),
    path("supplier/<str:secret>/packet.zip", views.packet, name="packet"),
    path("supplier/<str:secret>/files/<str:name>", views.file, name="file"),
    path("supplier/<str:secret>/answer", views.answer, name="answer"),
    path("supplier/<str:secret>/evidence", views.evidence, name="evidence"),
    path("supplier/<str:secret>/questions/<uuid:question_id>", views.answer_question, name="question"),
]
