"""How the trail tells what happened to the catalogue."""

SENTENCES = {
    "product.added": "{actor} added the product {sku}.",
    "product.changed": "{actor} changed {fields} of the product {sku}.",
    "product.picture_added": "{actor} added a reference picture of {sku}.",
    "product.picture_removed": "{actor} removed a reference picture of {sku} (SHA-256 {sha256}).",
    "batch.added": "{actor} added the batch {number} of {sku}.",
    "batch.changed": "{actor} changed {fields} of the batch {number}.",
    "serial.registered": "{actor} registered the serial {number} of {sku}.",
    "serial.changed": "{actor} changed {fields} of the serial {number}.",
    "plan.added": "{actor} added version {version} of the warranty plan {code}.",
    "plan.changed": "{actor} changed {fields} of version {version} of the warranty plan {code}.",
}
