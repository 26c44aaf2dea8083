"""A filed photo as the desk shows it."""

from __future__ import annotations

from recoup.domain.claims.claim_file import FiledPhoto
from recoup.domain.claims.pages import PhotoView


def photo_view(photo: FiledPhoto) -> PhotoView:
    copy = photo.copy
    return PhotoView(
        photo_id=photo.photo_id, case=photo.case, sku=photo.sku, shot=photo.shot, position=photo.position,
        copy_id=copy.pk if copy else None, copy_state=photo.copy_state, copy_version=copy.version if copy else 0,
        sha256=copy.sha256 if copy else "", covers=copy.covers if copy else [], residue=copy.residue if copy else [],
        reject_reason=copy.reject_reason if copy else "", signed_by=copy.signed_by if copy else "",
        signed_at=copy.signed_at if copy else None,
    )  # fmt: skip
