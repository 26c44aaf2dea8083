"""Tables in CSV files: orders, and what they stand on (products, suppliers, purchase orders, batches, serials, plans).

`columns.py` says which columns there are, `table.py` reads any table, `orders.py` and `references.py` translate.
docs/guides/csv.md shows it to people.
"""
