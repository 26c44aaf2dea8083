"""Evidence: what customers photographed, how each photo was judged, and the redacted copies made of it.

A capture session is open → submitted → closed, or expired. A photo has arrived → accepted, retake (which may
be sent anyway) or unreadable. A redacted copy is proposed → signed or rejected → superseded.

Neighbours: foundation.files keeps the bytes; vision judges the pixels (called by flows, never from here, save
for redrawing covers); returns ties photos to return lines; claims takes signed copies, and nothing else, from
redacted_queries.
"""
