"""What every audience may fetch of the shop's face. Always at home: a guest's page names these addresses too."""

from django.urls import path, re_path

from recoup.web.look import views

urlpatterns = [
    re_path(r"^brand/(?P<name>\w{12})/logo\.(?P<kind>svg|png)$", views.logo),
    path("brand/<str:name>/<str:theme>.css", views.colours),
]
