"""The judgement of a return, pure: one file per check, what is paid (amounts), and the decision table (policy).

Facts in, answer out; times are arguments; nothing here knows the database.
"""
