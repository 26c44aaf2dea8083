"""Names for rows and people: time-ordered ids, secrets, and codes that a person can read aloud."""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid

# Crockford's base 32: no I, L, O, U, so nothing is misread. Source: crockford.com/base32.html.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new() -> uuid.UUID:
    """A UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then chance; sorts by age."""
    millis = time.time_ns() // 1_000_000
    value = (millis << 80) | (7 << 76) | (secrets.randbits(12) << 64) | (2 << 62) | secrets.randbits(62)
    return uuid.UUID(int=value)


def secret() -> str:
    """256 bits of chance for a link, 43 characters, safe in a URL."""
    return secrets.token_urlsafe(32)


def fingerprint(text: str) -> str:
    """SHA-256 in hex: how a secret is stored, and how long texts are compared."""
    return hashlib.sha256(text.encode()).hexdigest()


def spoken(length: int = 8) -> str:
    """A random code for people, such as 'K7QM-2X9D', without a prefix."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(length))
    return "-".join(code[i : i + 4] for i in range(0, length, 4))


def tidy(typed: str) -> str:
    """What a person typed or a scanner read, as we store it: upper case, O→0, I and L→1, nothing unprintable, no spaces."""
    text = "".join(letter for letter in typed.upper() if letter.isprintable() and not letter.isspace())
    return text.translate(str.maketrans("OIL", "011"))
