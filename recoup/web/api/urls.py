"""The machines' addresses."""

from django.urls import path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from recoup.kit.refusal import Refusal
from recoup.web.api import operations, webhooks
from recoup.web.api.doors import StaffSession, answer, staff_view
from recoup.web.api.health import health, metrics

api = NinjaAPI(
    title="Recoup",
    version="1",
    description="From a customer's photo to the supplier's credit. Refusals have a code and a sentence.",
    urls_namespace="api",
    auth=StaffSession(),
    docs_url=None,
    docs_decorator=staff_view,
)
for error in (Refusal, AuthenticationError, ValidationError, HttpError):
    api.add_exception_handler(error, answer)
api.add_router("", webhooks.router)
api.add_router("", operations.router)

urlpatterns = [
    path("api/health", require_safe(health), name="health"),
    path("api/metrics", require_safe(staff_view(metrics)), name="metrics"),
    path("api/", api.urls),
]
