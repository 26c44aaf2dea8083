"""Who reads what: a customer their own language, the desk, suppliers and machines English."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

#: Not translated, so neither are the few words that Django or allauth would put into these pages.
ENGLISH = ("/desk/", "/accounts/", "/supplier/", "/api/")


class LanguageMiddleware(LocaleMiddleware):
    """A customer's cookie, else their browser, says which language; a link's own is spoken by the pages behind it."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(ENGLISH):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
        else:
            super().process_request(request)
