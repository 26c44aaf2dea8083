"""What the audit trail of a subject says about its notices."""

from __future__ import annotations

SENTENCES = {
    "notice.queued": "{actor} wrote to {audience}: “{template}”.",
    "notice.kept_back": "{actor} wrote “{template}” for {audience}, but there is no address to send it to.",
    "notice.not_texted": "{actor} wrote “{template}” for {audience}, but did not send it: {why}",
    "notice.sent": "{actor} sent “{template}” to {audience}.",
    "notice.failed": "{actor} could not send “{template}” to {audience}: {why}",
    "notice.send_again": "{actor} asked to send “{template}” to {audience} again.",
    "notice.suppressed": "{actor} held back “{template}” to {audience}.",
}
