"""Standard output: sentences for people, or one JSON object per line for machines."""

from __future__ import annotations

import json
import sys
from typing import Any

from recoup.kit.refusal import Refusal


class Out:
    """``say`` prints the text or, as JSON, the facts. Logs go elsewhere (standard error)."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def say(self, text: str, **facts: Any) -> None:
        """Print one line at once; a line without facts is for people only."""
        if not self.as_json:
            print(text, flush=True)
        elif facts:
            print(json.dumps(facts, default=str, ensure_ascii=False), flush=True)

    def refuse(self, refusal: Refusal) -> None:
        """One line: on standard error for people, on standard output for machines."""
        if self.as_json:
            print(json.dumps(refusal.as_json(), default=str, ensure_ascii=False), flush=True)
        else:
            print(" ".join(refusal.say().split()), file=sys.stderr, flush=True)
