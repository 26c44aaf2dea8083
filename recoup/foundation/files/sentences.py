"""What the audit trail says about keys."""

SENTENCES = {
    "key.destroyed": "{actor} destroyed the key; what it sealed can never be opened again.",
}
