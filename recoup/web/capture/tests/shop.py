"""A shop's site beside the house, and the house itself with its upload door: each an origin of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Shop</title><style>body {{ margin: 0; font: 17px system-ui }} header, footer {{ padding: 16px; background: #eee }}</style>
<header>The shop <a href="#">Cart</a></header>
<recoup-capture {attributes}><a href="{link}">Something is wrong with my order</a></recoup-capture>
<footer>About the shop</footer>
<script>
  window.heard = [];
  for (const name of ["ready", "step", "photo", "sent", "refused"])
    document.addEventListener("recoup:" + name, (event) => heard.push([name, event.detail]));
</script>
<script type="module" src="{house}/embed/recoup-capture.js"></script>"""


class _Shop(BaseHTTPRequestHandler):
    page = ""
    bare = "<!doctype html><title>Shop</title>"

    def do_GET(self) -> None:
        body = (self.page if self.path == "/" else self.bare).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Shop:
    """One site; its first page shows the element with what is asked for, every other is empty."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"

    def shows(self, house: str, path: str = "/", /, **attributes: str) -> None:
        words = " ".join(f'{name}="{value}"' for name, value in attributes.items())
        _Shop.page = PAGE.format(house=house, link=house + path, attributes=words)


@contextmanager
def open_shop() -> Iterator[Shop]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Shop(server.server_port)
    server.shutdown()
    server.server_close()


@contextmanager
def open_house() -> Iterator[str]:
    """Pages, open lines and upload door in this process, under another name of this machine than the shop's."""
    import uvicorn
    from django.core.asgi import get_asgi_application

    from recoup.web.capture import events
    from recoup.web.capture.receiving import holding
    from recoup.web.capture.upload import application as upload

    pages: Any = get_asgi_application()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        line = events.application if events.is_here(scope["path"]) else pages
        await (upload if scope["path"].startswith("/upload/") else line)(scope, receive, send)

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: Any = None) -> None:
            events.end_all()
            await super().shutdown(sockets)

    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(uvicorn.Config(application, lifespan="off", log_config=None, ws="none"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://localhost:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    holding.close()
    events._closing = False
