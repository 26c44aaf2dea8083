"""Recoup: from a customer's photo of a defect to the supplier's credit."""

__version__ = "0.1.0"
