"""The supplier's room: the redacted packet, the question, the answer. Decides nothing.

Everything here goes through ``claims.actions.enter_room`` and ``claims.supplier_queries``; no path leads to an original.
"""
