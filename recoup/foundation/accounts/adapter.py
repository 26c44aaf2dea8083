"""What allauth may do here: sign people in. Accounts are made by admins, so nobody signs up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed. Ask an admin to open it again.",
        "email_password_mismatch": "This e-mail address and password do not belong together. Check both and try again.",
        "too_many_login_attempts": "That was too many tries. Wait five minutes and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.RECOUP_SITE_NAME}: {subject}"

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        raise PermissionError("Staff are made by accounts.actions.create_staff only.")
