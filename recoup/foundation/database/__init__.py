"""The one database: PostgreSQL, embedded under the var folder or wherever DATABASE_URL points.

This is the only place that knows it may be embedded. Rows, triggers, locks and start-up checks
live here too; nothing here knows the business.
"""
