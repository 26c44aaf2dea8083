"""The first admin's page: reached by the one-time link that the terminal printed."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from recoup.foundation.accounts import actions, queries
from recoup.kit.refusal import NotFound, Refusal


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Name, address and password; then the admin is signed in and the link is spent."""
    now = timezone.now()
    queries.access_link(purpose="first_admin", secret=secret, now=now)
    if request.method == "GET":
        return _show(request)
    form = request.POST
    name, email, password = (form.get(field, "") for field in ("name", "email", "password"))
    try:
        staff = actions.become_first_admin(secret=secret, name=name, email=email, password=password, now=now)
    except NotFound:
        raise
    except Refusal as refusal:
        return _show(request, refusal=refusal, name=name, email=email, status=refusal.status)
    login(request, staff, backend=settings.AUTHENTICATION_BACKENDS[0])
    messages.success(
        request, f"Welcome, {staff.name}. Add your colleagues here, each with their roles.", extra_tags="settled"
    )
    return redirect("desk:staff")


def _show(request: HttpRequest, *, status: int = 200, **context: object) -> HttpResponse:
    response = render(request, "desk/first.html", {"site_name": settings.RECOUP_SITE_NAME, **context}, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
