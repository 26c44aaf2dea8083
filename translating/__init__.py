"""What a customer reads, in every language: found in the code, kept in recoup/locale, checked by tests.

`sentences.py` finds every sentence, `catalogues.py` reads and writes the .po and .mo files; `script/messages` runs both.
"""
