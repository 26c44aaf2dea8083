"""Is every link as open or as withdrawn as the trail tells?"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from recoup.foundation.accounts.models import LinkToken
from recoup.foundation.audit.queries import told
from recoup.foundation.database.findings import Finding


def withdrawn_links_stay_withdrawn() -> Iterator[Finding]:
    """A link is withdrawn exactly when the trail says that somebody withdrew it."""
    withdrawn = Exists(told("link.revoked", LinkToken).filter(subject_id=OuterRef("pk")))
    for link in LinkToken.objects.filter(withdrawn, revoked_at=None).iterator():
        yield Finding("accounts.links", f"{link.purpose} link {link.pk}", "It was withdrawn, and is open again.")
    for link in LinkToken.objects.filter(~withdrawn, revoked_at__isnull=False).iterator():
        yield Finding("accounts.links", f"{link.purpose} link {link.pk}", "It is withdrawn, and nobody withdrew it.")
