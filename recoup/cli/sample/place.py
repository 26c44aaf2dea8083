"""Where the sample company is: what its memos and parcel labels say."""

from __future__ import annotations

from collections.abc import MutableMapping


def settle(environment: MutableMapping[str, str]) -> None:
    """The sample company's addresses, unless this installation has its own."""
    environment.setdefault("RECOUP_COMPANY_ADDRESS", "Sample Street 1; 20457 Hamburg; Germany")
    environment.setdefault("RECOUP_RETURN_ADDRESS", "Returns, Dock 4; Sample Street 1; 20457 Hamburg; Germany")
