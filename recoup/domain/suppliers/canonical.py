"""What a file may say about suppliers and purchases, as drafts that nobody has stored yet. Pure."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from recoup.domain.catalogue.canonical import Number, Sku

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
How = Literal["scanned", "declared", "allocated", "inferred"]


class Draft(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class SupplierDraft(Draft):
    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=200)
    contact_name: str = Field(default="", max_length=200)
    email: str = Field(default="", max_length=254)
    currency: Currency
    language: str = Field(default="en", max_length=8)
    warranty_months: int = Field(default=24, ge=0, le=1200)
    claim_rules: dict[str, Any] = {}


class POLineDraft(Draft):
    """One line of a purchase order, with what it says of the whole order. Without a position, the product tells it."""

    number: Number
    supplier: str = Field(min_length=1, max_length=40)
    ordered_date: date
    currency: Currency
    position: int | None = Field(default=None, ge=1, le=1_000_000)
    sku: Sku
    quantity: int = Field(ge=0, le=10**9)
    unit_cost_minor: int = Field(ge=0, le=10**15)


class BatchDraft(Draft):
    """A batch, and where it came from as far as the file says: PO line and delivery."""

    sku: Sku
    number: Number
    made_date: date | None = None
    purchase_order: str = Field(default="", max_length=60)
    position: int | None = Field(default=None, ge=1)
    shipment: str = Field(default="", max_length=60)
    shipped_date: date | None = None
    received_date: date | None = None
    quantity: int | None = Field(default=None, ge=0, le=10**9)
    how: How = "declared"
