"""The open line of the status page: it says *changed* after each change to its own return, and costs next to nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections

from recoup.domain.returns import actions
from recoup.domain.returns.models import Return
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts import actions as accounts
from recoup.web.capture import events

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30.0  # seconds


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    monkeypatch.setattr(events, "PAUSE", 0)


class Browser:
    """One open page, as the server sees it."""

    def __init__(self, path: str, address: str = "203.0.113.7") -> None:
        self.scope = {"type": "http", "method": "GET", "path": path, "client": (address, 1), "headers": []}
        self.said: asyncio.Queue[str] = asyncio.Queue()
        self.status, self.over, self._left = 0, False, asyncio.Event()

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        self.over = not message.get("more_body")
        await self.said.put(message["body"].decode())

    async def receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def hears(self, word: str) -> None:
        async with asyncio.timeout(PATIENCE):
            said = await self.said.get()
        assert f"event: {word}\n" in said

    def leave(self) -> None:
        self._left.set()


@asynccontextmanager
async def opened(*browsers: Browser) -> Any:
    """Lines that stand: each has said that it hears."""
    tasks = [asyncio.create_task(events.application(each.scope, each.receive, each.send)) for each in browsers]
    for each in browsers:
        await each.hears("here")
    yield
    for each in browsers:
        each.leave()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*tasks)


def play(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """The story in an event loop of its own; its thread leaves no connection behind."""

    async def whole() -> None:
        await story()
        await sync_to_async(connections.close_all)()

    asyncio.run(whole())


def case_and_path(root: str = "") -> tuple[Return, str]:
    case = make.to_agent().return_case
    secret = actions.new_secret(link=case.links.get(), expires_at=make.LATER, actor=make.CUSTOMER)
    return case, f"{root}/c/{secret}/status/events"


@sync_to_async
def write(case: Return) -> None:
    actions.write_message(return_case=case, body="Hello.", audience="customer", actor=make.CUSTOMER)


@sync_to_async
def asked(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


LISTENING = "FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN recoup_changed'"


@pytest.mark.parametrize("root", ["", "/embed/de/dark", "/app"])
def test_a_change_is_said_to_who_waits_for_it_and_to_nobody_else(root: str) -> None:
    (mine, path), (other, _) = case_and_path(root), case_and_path()

    async def story() -> None:
        page = Browser(path)
        async with opened(page):
            await write(other)
            await write(mine)
            await page.hears("changed")
            assert page.status == 200 and page.said.empty()
            await write(mine)
            await page.hears("changed")

    play(story)


def test_a_photo_that_was_judged_is_said_too() -> None:
    case, path = case_and_path()

    async def story() -> None:
        page = Browser(path)
        async with opened(page):
            await judge(case)
            await page.hears("changed")

    play(story)


@sync_to_async
def judge(case: Return) -> None:
    make.photo(case.links.select_related("session").get().session, "overall")


def test_what_is_taken_back_is_not_said() -> None:
    case, path = case_and_path()

    @sync_to_async
    def change_of_mind() -> None:
        from django.db import transaction

        with transaction.atomic():
            actions.write_message(return_case=case, body="No.", audience="customer", actor=make.CUSTOMER)
            transaction.set_rollback(True)

    async def story() -> None:
        page = Browser(path)
        async with opened(page):
            await change_of_mind()
            await write(case)
            await page.hears("changed")
            assert page.said.empty()

    play(story)


def test_many_pages_share_one_connection_and_it_goes_with_the_last() -> None:
    paths = [case_and_path()[1] for _ in range(20)]

    async def story() -> None:
        async with opened(*map(Browser, paths)):
            assert await asked(f"SELECT count(*) {LISTENING}") == 1
        async with asyncio.timeout(PATIENCE):
            while await asked(f"SELECT count(*) {LISTENING}"):
                await asyncio.sleep(0.01)

    play(story)


def test_after_the_connection_was_lost_every_page_asks_again() -> None:
    paths = [case_and_path()[1] for _ in range(3)]

    async def story() -> None:
        pages = [Browser(path) for path in paths]
        async with opened(*pages):
            await asked(f"SELECT pg_terminate_backend(pid) {LISTENING}")
            for page in pages:
                await page.hears("changed")

    play(story)


def test_the_fifth_page_of_a_link_goes_without_a_line_until_one_leaves() -> None:
    _, path = case_and_path()

    async def story() -> None:
        pages = [Browser(path) for _ in range(5)]
        async with opened(*pages[:4]):
            await events.application(pages[4].scope, pages[4].receive, pages[4].send)
            assert pages[4].status == 429
        async with opened(Browser(path)):
            pass

    play(story)


def test_one_address_has_only_so_many_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(events.MOST, "address", 2)
    paths = [case_and_path()[1] for _ in range(4)]

    async def story() -> None:
        async with opened(Browser(paths[0]), Browser(paths[1]), Browser(paths[2], "203.0.113.8")):
            more = Browser(paths[3])
            await events.application(more.scope, more.receive, more.send)
            assert more.status == 429

    play(story)
    assert not events._counts and not events._open


def test_a_line_beats_and_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "BEAT", 0.01)
    monkeypatch.setattr(events, "LIFETIME", 0.1)
    _, path = case_and_path()

    async def story() -> None:
        page = Browser(path)
        await events.application(page.scope, page.receive, page.send)
        await page.hears("here")
        await page.hears("beat")
        assert page.over

    play(story)


@pytest.mark.parametrize("withdrawn", [True, False])
def test_a_link_that_opens_nothing_has_no_line(withdrawn: bool) -> None:
    case, path = case_and_path()
    if withdrawn:
        accounts.revoke_links(
            purpose="capture", subject_id=case.links.get().session_id, actor=make.agent(), now=make.NOW
        )
    else:
        path = "/c/not-a-secret/status/events"

    async def story() -> None:
        page = Browser(path)
        await events.application(page.scope, page.receive, page.send)
        assert page.status == 404

    play(story)


def test_only_this_address_is_taken_from_django() -> None:
    assert events.is_here("/c/x/status/events") and events.is_here("/embed/de/c/x/status/events")
    for other in ("/c/x/status/now", "/desk/c/x/status/events", "/c/x/y/status/events", "/c/x/status/events/"):
        assert not events.is_here(other)
