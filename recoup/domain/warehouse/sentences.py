"""What the audit trail says about goods."""

SENTENCES = {
    "goods.received": "{actor} received {quantity} × {sku} as grade {grade} into {bin}: {finding}.",
    "goods.dispositioned": "{actor} decided on {quantity} × {sku} from {bin}: {kind}. {reason}",
    "site.opened": "{actor} opened the site {code}.",
}
