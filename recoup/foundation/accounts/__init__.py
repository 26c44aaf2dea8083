"""Who may come in: staff with an account and a role, customers and suppliers with a link.

A link token is 256 bits, stored as its hash only; it is live until ``expires_at`` or ``revoked_at``. A one-time code is
six digits by mail that earn such a link (codes.py): stored keyed with the installation's secret, ten minutes, five tries.
Below: database, audit. Above: everybody who names an actor.
"""
