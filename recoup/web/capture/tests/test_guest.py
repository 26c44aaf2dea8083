"""The customer's pages as a guest in a shop's page or an app: who may frame what, and what needs no cookie."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, get_script_prefix

from recoup.domain.returns.tests import factories as make

pytestmark = pytest.mark.django_db
SHOP = "https://shop.example"
ROOTS = ["", "/embed", "/embed/de/dark", "/app", "/app/light"]


@pytest.fixture
def secret(settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of a customer's link, in a house that lets one shop show its pages."""
    settings.RECOUP_EMBEDDERS = [SHOP]
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    make.defect()
    return str(make.link(make.order_line().order, secret=True)[1])


@pytest.fixture
def stranger() -> Client:
    return Client(enforce_csrf_checks=True)


def framers(answer: Any) -> str:
    """The directive, and what the older header says beside it."""
    policy = answer.headers["Content-Security-Policy"]
    found = next(part for part in policy.split("; ") if part.startswith("frame-ancestors"))
    return f"{found} {answer.headers.get('X-Frame-Options', '')}".strip()


@pytest.mark.parametrize("path", ["/", "/c/{}/", "/c/no-such-link/", "/no-such-page"])
def test_only_pages_under_embed_may_be_framed_and_only_by_those_named(client: Client, secret: str, path: str) -> None:
    here = path.format(secret)
    assert framers(client.get(f"/embed{here}")) == f"frame-ancestors {SHOP}"
    assert framers(client.get(f"/embed/de/dark{here}")) == f"frame-ancestors {SHOP}"
    assert framers(client.get(here)) == framers(client.get(f"/app{here}")) == "frame-ancestors 'none' DENY"


@pytest.mark.parametrize("path", ["/", "/c/{}/"])
def test_nobody_may_frame_anything_where_nobody_is_named(client: Client, secret: str, path: str, settings: Any) -> None:
    settings.RECOUP_EMBEDDERS = []
    assert framers(client.get(f"/embed{path.format(secret)}")) == "frame-ancestors 'none' DENY"


@pytest.mark.parametrize("path", ["/desk/", "/accounts/login/", "/api/orders", "/s/anything/", "/static/icons.svg"])
def test_a_guest_finds_the_customers_pages_and_no_others(client: Client, secret: str, path: str) -> None:
    client.force_login(_staff())
    assert client.get(f"/embed{path}").status_code == client.get(f"/app{path}").status_code == 404
    direct = client.get(path)
    if "text/html" in direct.headers["Content-Type"]:
        assert framers(direct) == "frame-ancestors 'none' DENY"


def _staff() -> Any:
    from recoup.foundation.accounts.models import Staff

    return Staff.objects.create(email="ann@example.com")


@pytest.mark.parametrize("root", ROOTS)
def test_every_address_of_a_page_keeps_its_root(client: Client, secret: str, root: str) -> None:
    page = client.get(f"{root}/c/{secret}/").content.decode()
    assert f'data-link="{root}/c/{secret}/"' in page
    assert f'action="{root}/c/{secret}/send"' in page
    assert f'action="{root}/"' in client.get(f"{root}/").content.decode()
    assert get_script_prefix() == "/"


@pytest.mark.parametrize(("root", "language", "theme"), [
    ("/embed", "en", ""), ("/embed/de", "de", ""), ("/embed/de-AT/dark", "de", "dark"), ("/app/light", "en", "light"),
    ("/app/xx", "en", ""), ("/embed/pt-BR", "en", ""), ("/embed/ar", "ar", ""),
])  # fmt: skip
def test_language_and_theme_are_in_the_root(client: Client, secret: str, root: str, language: str, theme: str) -> None:
    for path in ("/", f"/c/{secret}/", "/nothing"):
        page = client.get(root + path).content.decode()
        assert f'<html lang="{language}"' in page
        assert ("dark-" in page, "light-" in page) == (theme == "dark", theme == "light")


@pytest.mark.parametrize("root", ["/embed/de/dark", "/app"])
def test_a_guest_neither_gets_nor_brings_a_cookie(stranger: Client, secret: str, root: str) -> None:
    stranger.force_login(_staff())
    ours = {"origin": "http://testserver"}
    order = {"number": "#1001", "address": "cora@example.com"}
    asked = stranger.post(f"{root}/", order, headers=ours)
    kept = asked.context["kept"]
    wrong = stranger.post(f"{root}/code/", {"asked": kept, "code": "000000"}, headers=ours)
    assert (asked.status_code, wrong.status_code) == (200, 422)
    assert wrong.context["asked"].address == "cora@example.com"
    assert stranger.post(f"{root}/c/{secret}/draft", {"words": "It leaks."}, headers=ours).status_code == 204
    page = stranger.get(f"{root}/c/{secret}/")
    assert "It leaks." in page.content.decode()
    assert [each for answer in (asked, wrong, page) for each in answer.cookies] == []
    assert not page.wsgi_request.user.is_authenticated


@pytest.mark.parametrize("origin", [SHOP, "null", "https://testserver", None])
def test_a_form_that_another_page_sends_changes_nothing(stranger: Client, secret: str, origin: str | None) -> None:
    from_there = {"origin": origin} if origin else {}
    answer = stranger.post(f"/embed/c/{secret}/draft", {"words": "Forged."}, headers=from_there)
    assert answer.status_code == 403
    assert 'data-refused="web.form_expired"' in answer.content.decode()
    assert "Forged." not in stranger.get(f"/embed/c/{secret}/").content.decode()


def test_the_code_for_another_phone_leads_to_a_page_of_its_own(client: Client, secret: str) -> None:
    within = client.get(f"/embed/de/dark/c/{secret}/code.svg")
    assert within.content == client.get(f"/c/{secret}/code.svg").content


def test_an_order_may_be_named_in_the_address(client: Client, secret: str) -> None:
    assert 'name="number" value="#1001"' in client.get("/embed/?order=%231001").content.decode()


def test_no_way_for_staff_and_no_name_of_ours_stands_in_a_guests_page(client: Client, secret: str) -> None:
    assert "I work here" in client.get("/").content.decode()
    assert "I work here" not in client.get("/app/").content.decode()


def test_no_address_of_ours_looks_like_a_language() -> None:
    from recoup.web.capture import urls
    from recoup.web.capture.guest import _ROOT

    paths = [str(each.pattern) for each in urls.urlpatterns]
    assert "code/" in paths
    roots = {path: _ROOT.match(f"/app/{path}") for path in paths}
    assert [path for path, root in roots.items() if not root or root[0] != "/app"] == []
    assert get_resolver("recoup.web.capture.guest_urls").resolve("/")


def test_the_script_is_for_every_page_and_asks_whether_it_is_the_same(client: Client) -> None:
    from django.contrib.staticfiles import finders

    if not finders.find("embed/recoup-capture.js"):
        pytest.skip("The pages are not built; script/setup builds them.")
    first = client.get(
        "/embed/recoup-capture.js", headers={"origin": "https://anywhere.example", "accept-encoding": "gzip"}
    )
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["Content-Type"].startswith("text/javascript")
    assert first.headers["Cache-Control"] == "no-cache"
    assert len(first.content) < 3 * 1024
    again = client.get("/embed/recoup-capture.js", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(("origin", "status"), [(SHOP, 204), ("https://shop.example.evil", 403), ("", 403)])
def test_only_those_named_are_told_that_they_are_welcome(
    client: Client, settings: Any, origin: str, status: int
) -> None:
    settings.RECOUP_EMBEDDERS = [SHOP]
    answer = client.get("/embed/welcome", headers={"origin": origin})
    assert answer.status_code == status
    assert answer.headers.get("Access-Control-Allow-Origin") == (SHOP if status == 204 else None)
    assert "Origin" in answer.headers["Vary"]


def test_what_was_sent_on_the_way_to_the_next_is_told_only_of_the_same_order(client: Client, secret: str) -> None:
    line = make.order_line(quantity=2)
    own, other = make.submitted(line).return_case.number, make.submitted().return_case.number
    _, further = make.link(line.order, secret=True)
    page = client.get(f"/embed/c/{further}/?sent={own}").content.decode()
    assert f'data-case="{own}"' in page and f"Return {own} is with us." in page
    for wrong in (other, "R-NONE", "<b>"):
        page = client.get(f"/embed/c/{further}/", {"sent": wrong}).content.decode()
        assert 'data-case=""' in page and "is with us" not in page


def test_one_press_sends_and_opens_the_next(client: Client, secret: str) -> None:
    line, kind = make.order_line(quantity=1), make.defect("overall")
    _, mine = make.link(line.order, secret=True)
    sent = {"order_line_id": str(line.pk), "defect_type": kind.code, "quantity": "1", "then": "another"}
    answer = client.post(f"/embed/de/c/{mine}/send", sent, headers={"Origin": "http://testserver"})
    assert answer.headers["Location"] == f"/embed/de/c/{mine}/status"  # nothing else of it is left
    make.order_line(line.order, sold=make.product(name="Lamp"), quantity=1)
    more = make.order_line(line.order, sold=make.product(name="Pan"), quantity=1)
    _, next_one = make.link(line.order, secret=True)
    answer = client.post(
        f"/embed/de/c/{next_one}/send", sent | {"order_line_id": str(more.pk)}, headers={"Origin": "http://testserver"}
    )
    place = answer.headers["Location"]
    assert place.startswith("/embed/de/c/") and "/?sent=R-" in place and next_one not in place
    assert client.get(place).status_code == 200
