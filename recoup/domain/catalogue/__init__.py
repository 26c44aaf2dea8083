"""What we sell: products, their batches and serials, and the warranty plans that cover them.

No states of its own. Above it: everything in the domain. Below it: nothing.
"""
