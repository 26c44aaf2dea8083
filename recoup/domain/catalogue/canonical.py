"""What a file may say about the catalogue, as drafts that nobody has stored yet. Pure."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Sku = Annotated[str, Field(min_length=1, max_length=80)]
Number = Annotated[str, Field(min_length=1, max_length=60)]


class Draft(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class ProductDraft(Draft):
    sku: Sku
    name: str = Field(min_length=1, max_length=200)
    gtin: str = Field(default="", max_length=14)
    serial_format: str = Field(default="", max_length=120)
    warranty_plan: str = Field(default="", max_length=40)
    allowed_words: tuple[str, ...] = ()


class SerialDraft(Draft):
    sku: Sku
    number: Number
    batch: str = Field(default="", max_length=60)


class PlanDraft(Draft):
    """``pro_rata``: (months since the start, percent of the price), in order; empty = the full price to the end."""

    code: str = Field(min_length=1, max_length=40)
    version: int = Field(ge=1, le=100_000)
    jurisdiction: str = Field(default="", max_length=8, pattern="^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$")
    contracts_from: date
    months: int = Field(ge=0, le=1200)
    pro_rata: tuple[tuple[int, int], ...] = ()
    source: str = Field(min_length=1, max_length=200)
