"""Who made it: suppliers, purchase orders, shipment batches, and which batch came on which order.

Neighbours: stands on catalogue; claims stands on it.
"""
