"""What was booked or issued, as one SHA-256 that the audit trail seals."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.db.models import Field, Model

from recoup.domain.ledger.models import CreditMemo, CreditMemoLine, Entry, Posting


def of_entry(entry: Entry) -> str:
    """The digest of an entry and its postings, in an order of its own."""
    postings = sorted(_values(Posting, posting, leave=("id", "created_at")) for posting in entry.postings.all())
    return _digest([_values(Entry, entry), *postings])


def of_memo(memo: CreditMemo) -> str:
    """The digest of a memo and its lines."""
    lines = sorted(_values(CreditMemoLine, line, leave=("id", "created_at")) for line in memo.lines.all())
    return _digest([_values(CreditMemo, memo), *lines])


def _values(model: type[Model], row: Model, leave: tuple[str, ...] = ("created_at",)) -> list[str]:
    fields = [field for field in model._meta.concrete_fields if field.name not in leave]
    return [f"{field.attname}={json.dumps(_plain(field, row), sort_keys=True)}" for field in fields]


def _plain(field: Field[Any, Any], row: Model) -> Any:
    value = getattr(row, field.attname)
    # One zone for all times: a time read back from the database is the same moment in UTC.
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else field.value_to_string(row)


def _digest(rows: list[list[str]]) -> str:
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
