"""What the customer sees on the phone: link, photos, status. Decides nothing.

The upload door (upload.py, receiving.py) is plain ASGI beside Django; the pages are in views.py.
"""
