"""The upload door alone, as a server process for tests."""

import django

django.setup()

from recoup.web.capture.upload import application  # noqa: E402

__all__ = ["application"]
