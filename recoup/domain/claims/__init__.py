"""The supplier claim file: from returns of one supplier, PO, batch and defect type to a credit booked to zero.

drafting → redaction_pending → ready → approved → sent → acknowledged → (question_open ⇄) → accepted | partly_accepted
| disputed | refused → recovering → recovered | written_off → closed. Stands on everything below it in the domain.
"""
