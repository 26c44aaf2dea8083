"""What happened to the catalogue."""

from recoup.foundation.facts.registry import fact


@fact
class ReferenceArrived:
    """Something that others may wait for is here now: kind 'product', 'serial', 'batch'; its own number."""

    kind: str
    number: str
