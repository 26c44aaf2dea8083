"""A refusal is said as a page, a fragment or JSON; a bug is loud and carries a code."""

from __future__ import annotations

from typing import Any

import pytest
import structlog
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from recoup.kit.refusal import NotAllowed, Refusal

# As in recoup.conf.urls.
handler400, handler403 = "recoup.conf.refusals.unreadable", "recoup.conf.refusals.no_entry"
handler404, handler500 = "recoup.conf.refusals.not_found", "recoup.conf.refusals.broken"


class KettleTooHot(Refusal):
    code = "kettle.too_hot"
    sentence = "The kettle is at {degrees} °C. Wait until it is below 60 °C."


def hot(request: HttpRequest) -> HttpResponse:
    raise KettleTooHot(degrees=93)


async def hot_later(request: HttpRequest) -> HttpResponse:
    raise KettleTooHot(degrees=93)


def bug(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(1 / 0))


def no_database(request: HttpRequest) -> HttpResponse:
    del request.user  # nobody can be asked who this is
    raise OperationalError("connection to server failed: No such file\nIs the server running?")


def denied(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def role(request: HttpRequest) -> HttpResponse:
    raise NotAllowed(role="finance")


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse("taken")


urlpatterns = [
    path("hot", hot),
    path("later", hot_later),
    path("api/hot", hot),
    path("bug", bug),
    path("api/bug", bug),
    path("denied", denied),
    path("no_database", no_database),
    path("role", role),
    path("form", form),
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]
SENTENCE = "The kettle is at 93 °C. Wait until it is below 60 °C."


def get(where: str, **headers: Any) -> Any:
    return Client(raise_request_exception=False).get(where, headers={"accept": "text/html", **headers})


@pytest.mark.parametrize("where", ["/hot", "/later"])
def test_a_browser_gets_a_page_with_the_sentence_that_no_cache_keeps(where: str) -> None:
    answer = get(where)
    assert (answer.status_code, answer["cache-control"]) == (409, "no-store")
    assert SENTENCE in answer.content.decode()
    assert answer.content.startswith(b"<!doctype html>")


def test_the_page_obeys_the_strict_policy_it_is_sent_with() -> None:
    answer = get("/hot")
    policy = answer["content-security-policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'<style nonce="{nonce}">' in answer.content.decode()
    assert "unsafe" not in policy
    assert b"style=" not in answer.content
    assert answer["x-frame-options"] == "DENY"
    assert answer["referrer-policy"] == "same-origin"
    assert answer["x-content-type-options"] == "nosniff"


def test_htmx_gets_a_fragment_for_the_place_that_every_page_keeps_for_it() -> None:
    answer = get("/hot", hx_request="true")
    assert (answer["hx-retarget"], answer["hx-reswap"]) == ("#refusal", "innerHTML")
    assert b"<html" not in answer.content
    assert SENTENCE in answer.content.decode()


@pytest.mark.parametrize(("where", "headers"), [("/api/hot", {}), ("/hot", {"accept": "application/json"})])
def test_a_machine_gets_json(where: str, headers: dict[str, str]) -> None:
    answer = get(where, **headers)
    assert answer.status_code == 409
    assert answer.json() == {"code": "kettle.too_hot", "sentence": SENTENCE, "facts": {"degrees": 93}}


def test_what_is_not_there_and_what_is_not_allowed_are_said_the_same_way() -> None:
    assert get("/nowhere").status_code == 404
    assert get("/api/nowhere").json()["code"] == "not_found"
    assert get("/denied").status_code == 403
    assert "finance" in get("/role").content.decode()


def test_a_form_without_its_token_is_refused_in_our_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/form", {"a": "b"}, headers={"accept": "text/html"})
    assert answer.status_code == 403
    assert "reload it" in answer.content.decode() and "your role" not in answer.content.decode()


def test_a_bug_says_nothing_of_itself_but_a_code_to_tell_us() -> None:
    for where in ("/bug", "/api/bug"):
        answer = get(where)
        assert answer.status_code == 500
        assert b"division" not in answer.content
    assert len(answer.json()["facts"]["reference"]) == 9


def test_a_host_that_is_not_ours_is_refused() -> None:
    assert Client(raise_request_exception=False).get("/hot", headers={"host": "evil.example"}).status_code == 400


def test_a_bug_is_in_the_log_with_its_trace_and_the_readers_code() -> None:
    with structlog.testing.capture_logs() as lines:
        answer = get("/api/bug")
    [line] = [line for line in lines if line["event"] == "web.broke"]
    assert line["exc_info"][0] is ZeroDivisionError
    assert line["reference"] == answer.json()["facts"]["reference"]


def test_a_database_that_is_away_is_said_so() -> None:
    answer = get("/no_database")
    assert answer.status_code == 503
    assert "Try again in a minute" in answer.content.decode()
