"""The customer's case: lines, checks, decisions, remedies; from a link to the RMA number and the money.

Never one status: each line has the axes evidence, decision, goods and remedy (states.py). The customer sees one
derived word. Stands on evidence, ledger, defects, orders, suppliers, catalogue; warehouse and claims stand on it.
"""
