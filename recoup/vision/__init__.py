"""Pixels in, numbers out: decode, judge, read codes and text, compare, derive views, redact.

No Django, no network, no database: everything here can run in a bare process on one photo.
Numbers that phone and server share lie as files in the gate folder.
"""

import os
from pathlib import Path


def rules_folder() -> Path:
    """The folder that holds rules.json: RECOUP_GATE, else the repository's gate/, else the installed copy."""
    chosen = os.environ.get("RECOUP_GATE")
    if chosen:
        return Path(chosen)
    here = Path(__file__).resolve().parent
    beside = here.parent.parent / "gate"
    return beside if (beside / "rules.json").is_file() else here / "gate_files"
