"""What machines see: channel webhooks, health, metrics, and a small JSON API with its OpenAPI description.

Webhooks prove themselves by their signature, health is open, everything else is for staff who are signed in.
"""
