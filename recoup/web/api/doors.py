"""Who may use the JSON API: staff with a session, and what everybody else is told."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import SessionAuth

from recoup.kit.actor import Actor
from recoup.kit.refusal import Refusal


class SignedOut(Refusal):
    code, status = "api.signed_out", 401
    sentence = "Sign in at the desk first; the API knows you by that session."


class NotUnderstood(Refusal):
    code, status = "api.not_understood", 422
    sentence = "“{field}” is not as the description at /api/openapi.json says: {why}."


class NotPossible(Refusal):
    code, status = "api.not_possible", 403
    sentence = "This request cannot be answered: {why}."


class StaffSession(SessionAuth):
    """Staff who are signed in; the operation gets their actor as ``request.auth``."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        user = super().authenticate(request, key)
        actor: Actor | None = user.actor() if user is not None else None
        return actor if actor is not None and actor.roles else None


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def staff_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same door for what is no operation: the description and the metrics."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or not user.actor().roles:
            return said(SignedOut())
        return view(request, *args, **kwargs)

    return door


def said(refusal: Refusal, *, status: int | None = None) -> HttpResponse:
    response = JsonResponse(
        refusal.as_json(), status=status or refusal.status, json_dumps_params={"default": str}
    )  # fmt: skip
    response["Cache-Control"] = "no-store"
    return response


def answer(request: HttpRequest, exception: Any) -> HttpResponse:
    """Any of the errors an operation may raise, in the one shape that clients know."""
    if isinstance(exception, Refusal):
        return said(exception)
    if isinstance(exception, AuthenticationError):
        return said(SignedOut())
    if isinstance(exception, ValidationError):
        first = exception.errors[0] if exception.errors else {}
        place = ".".join(str(step) for step in first.get("loc", ())[1:])
        return said(NotUnderstood(field=place or "the request", why=str(first.get("msg", "it cannot be read"))))
    status = exception.status_code if isinstance(exception, HttpError) else 400
    return said(NotPossible(why=str(exception).rstrip(".") or "it cannot be read"), status=status)
