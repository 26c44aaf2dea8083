"""A house with pages and upload door, and a customer with a phone before it.

Imports wait until they are needed: pytest may read this file before Django's apps are loaded.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from recoup.web.capture.tests.upload.queue.customer import Customer, House

SHOTS = ("overall", "close_up")


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the house writes down how many bytes came."""
    return tmp_path_factory.mktemp("received") / "bytes.jsonl"


@pytest.fixture(scope="module")
def house(var: Path, committed: None, received: Path) -> Iterator[House]:
    from recoup.web.capture.tests.upload.phone import KEY
    from recoup.web.capture.tests.upload.queue.customer import House

    builds = received.with_name("builds")
    builds.touch()
    running = House(var, KEY, RECOUP_TEST_RECEIVED=str(received), RECOUP_TEST_BUILDS=str(builds))
    running.builds = builds
    yield running
    running.stop()


@pytest.fixture
def customer(browser: Browser, house: House, received: Path) -> Iterator[Customer]:
    from django.db import connections

    from recoup.domain.returns import actions
    from recoup.domain.returns.tests import factories as make
    from recoup.web.capture.tests.upload.queue.customer import Customer, new_link

    link, address = new_link(make.order_line().order)
    draft = {"defect_type": make.defect(*SHOTS).code}
    actions.choose(link=link, draft=draft, at=make.NOW, actor=make.CUSTOMER)
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True,
        base_url=f"http://127.0.0.1:{house.port}", locale="en-GB",
    )  # fmt: skip
    yield Customer(context, link, address, received)
    context.close()
    # Beside the browser's event loop this thread has a database connection of its own, which nobody else closes.
    connections.close_all()


@pytest.fixture(scope="session")
def drawn() -> bytes:
    from recoup.cli.sample import scenes

    return scenes.scene("overall", seed=31)


@pytest.fixture
def photo(tmp_path: Path, drawn: bytes) -> Callable[..., Path]:
    """A real picture of so many MiB; what follows a JPEG's end is part of the file, but not of the picture."""

    def write(size: float = 3, name: str = "photo.jpg") -> Path:
        path = tmp_path / name
        path.write_bytes(drawn + os.urandom(int(size * 2**20) - len(drawn)))
        return path

    return write
