"""How the trail tells what happened to defect types and known patterns."""

SENTENCES = {
    "defect_type.added": "{actor} added the defect type {code}.",
    "defect_type.changed": "{actor} changed {fields} of the defect type {code}.",
    "pattern.described": "{actor} described the known pattern {code}: {action}.",
    "pattern.changed": "{actor} changed {fields} of the known pattern {code}.",
}
