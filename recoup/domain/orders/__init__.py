"""What customers bought: deliveries from channels, gates, and one canonical order.

States of a delivery: received → accepted | parked | stale | duplicate | dead; parked and dead go back to received,
and a dead one is stale once its order came again, whole.
Neighbours: stands on catalogue; returns stands on it. Channels only translate into its `canonical` words.
"""
