"""Defect types, shot lists, known patterns."""

from __future__ import annotations

from django.db import models

from recoup.domain.catalogue.models import Batch, Product
from recoup.foundation.database.rows import Row

SHOTS = [(word, word.replace("_", " ")) for word in ("overall", "close_up", "serial_label", "packaging")]
#: What is drawn beside a defect type; the starter's types are called as theirs are.
PICTURES = [
    (word, word.replace("_", " "))
    for word in (
        "cracked", "does_not_start", "stops_working", "leaks", "scratched", "damaged_on_the_way", "missing_part",
        "wrong_item", "other",
    )
]  # fmt: skip
ACTIONS = [(word, word) for word in ("approve", "stop", "route")]


class DefectType(Row):
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80, help_text="as the customer would say it: 'It is cracked'")
    picture = models.CharField(
        max_length=24,
        choices=PICTURES,
        blank=True,
        default="",
        help_text="empty: the one of its code, or a neutral one",
    )
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class ShotListItem(Row):
    """One photo that a defect type asks for."""

    defect_type = models.ForeignKey(DefectType, on_delete=models.CASCADE, related_name="shots")
    shot = models.CharField(max_length=20, choices=SHOTS)
    instruction = models.CharField(max_length=160, help_text="one kind sentence: what to show")
    required = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["defect_type", "shot"], name="one_item_per_shot")]


class KnownPattern(Row):
    """A described defect or recall: whom it touches and what to do. An empty field matches anything."""

    code = models.CharField(max_length=40, unique=True)
    sentence = models.CharField(max_length=300)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True)
    defect_type = models.ForeignKey(DefectType, on_delete=models.PROTECT, null=True, blank=True)
    serial_from = models.CharField(max_length=60, blank=True)
    serial_to = models.CharField(max_length=60, blank=True)
    sold_from = models.DateField(null=True, blank=True)
    sold_to = models.DateField(null=True, blank=True)
    action = models.CharField(max_length=10, choices=ACTIONS)
    active = models.BooleanField(default=True)
