"""What we sell: products with their reference pictures, their batches and serials, and the warranty plans for them.

No states of its own. Above it: everything in the domain. Below it: nothing.
"""
