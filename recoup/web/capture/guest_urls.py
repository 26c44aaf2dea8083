"""What /embed/… and /app/… lead to: the customer's addresses and no others."""

from django.urls import include, path

from recoup.web.capture import embedding

urlpatterns = [
    path("recoup-capture.js", embedding.element),
    path("welcome", embedding.welcome),
    path("", include("recoup.web.capture.urls")),
]

handler400 = "recoup.conf.refusals.unreadable"
handler403 = "recoup.conf.refusals.no_entry"
handler404 = "recoup.conf.refusals.not_found"
handler500 = "recoup.conf.refusals.broken"
