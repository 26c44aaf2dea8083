"""Files: sealed, durable bytes. A stored file is a list of sealed segments under one key.

States of a stored file: open → complete, and from either gone. One key per capture session; destroying
the key is erasure. Neighbours: kit.sealing (the format), evidence (photos and copies), claims (packets).
"""
