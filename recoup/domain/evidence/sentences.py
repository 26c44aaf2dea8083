"""What the audit trail says about evidence."""

SENTENCES = {
    "session.opened": "{actor} opened a capture session.",
    "session.language": "{actor} reads the pages in the language {language}.",
    "session.submitted": "{actor} submitted the photos.",
    "session.reopened": "{actor} opened the capture session again for more photos.",
    "session.closed": "{actor} closed the capture session.",
    "session.expired": "The capture session ran out.",
    "session.erased": "{actor} erased every photo of the session.",
    "upload.refused": "An upload was refused: its bytes did not have the hash that was announced.",
    "upload.dropped": "{actor} gave up an upload.",
    "photo.arrived": "Photo {position} arrived whole, {bytes} bytes, SHA-256 {sha256}.",
    "photo.accepted": "Photo {position} will do.",
    "photo.retake": "Photo {position} should be taken again: {reasons}.",
    "photo.unreadable": "Photo {position} cannot be opened: {reasons}.",
    "photo.sent_anyway": "{actor} sent photo {position} anyway.",
    "photo.original_opened": "{actor} opened the original of photo {position}: {purpose}.",
    "redaction.proposed": "{actor} proposed version {version} of the redacted copy, with {covers} covers and {residue} left to hide.",
    "redaction.signed": "{actor} signed version {version} of the redacted copy for release: SHA-256 {sha256}.",
    "redaction.rejected": "{actor} rejected version {version} of the redacted copy: {reason}",
    "redaction.superseded": "{actor} replaced version {version} of the redacted copy.",
}
