"""How the trail tells what happened with suppliers and purchases."""

SENTENCES = {
    "supplier.added": "{actor} added the supplier {code}.",
    "supplier.changed": "{actor} changed {fields} of the supplier {code}.",
    "po.added": "{actor} added the purchase order {number} to {supplier}, with {lines} lines.",
    "po.changed": "{actor} changed {fields} of the purchase order {number}.",
    "po.line_added": "{actor} added line {position} to the purchase order {number}.",
    "po.line_changed": "{actor} changed {fields} of line {position} of the purchase order {number}.",
    "shipment.added": "{actor} added the delivery {reference} of purchase order {number}.",
    "shipment.changed": "{actor} changed {fields} of the delivery {reference}.",
    "batch.sourced": "{actor} said that batch {batch} came on line {position} of purchase order {number} ({how}).",
    "batch.source_changed": "{actor} changed {fields} of where batch {batch} came from.",
}
