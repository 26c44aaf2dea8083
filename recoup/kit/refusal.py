"""A polite no: one family, so that one middleware can say it on a page, in JSON or in a terminal."""

from __future__ import annotations

from typing import Any, ClassVar


class Refusal(Exception):
    """Something was asked that cannot be done, and the asker can be told why.

    A subclass sets ``code`` (stable, dotted, for machines), ``status`` (HTTP) and ``sentence``
    (what is wrong and what to do, with {facts} to fill in). Facts are never personal.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = "That cannot be done."

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.say())

    def say(self) -> str:
        return self.sentence.format(**self.facts)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "sentence": self.say(), "facts": self.facts}


class NotFound(Refusal):
    """A stranger and a missing thing look alike."""

    code = "not_found"
    status = 404
    sentence = "There is nothing here for you. Check the link, or ask for a new one."


class NotAllowed(Refusal):
    code = "not_allowed"
    status = 403
    sentence = "Your role does not allow this. Somebody with the role {role} can do it."


class TryAgain(Exception):
    """A job met something that passes by itself (a lock, a network); run it again later."""


class GiveUp(Exception):
    """A job met something that will not pass by itself; keep it as a dead letter now."""
