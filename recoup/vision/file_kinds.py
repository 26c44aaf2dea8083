"""What a file says it is, by its first bytes: which decoder may try it, or what to call it in a refusal.

This only chooses; whether it is a photo is decided by really decoding it.
"""

from __future__ import annotations

JPEG, PNG, WEBP, HEIC, AVIF = "image/jpeg", "image/png", "image/webp", "image/heic", "image/avif"

AVIF_BRANDS = {b"avif", b"avis"}
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"heif"}

OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"GIF8", "a GIF"),
    (b"BM", "a bitmap"),
    (b"II*\0", "a TIFF or raw camera file"),
    (b"MM\0*", "a TIFF or raw camera file"),
    (b"II+\0", "a TIFF"),
    (b"MM\0+", "a TIFF"),
    (b"\0\0\1\0", "an icon"),
    (b"8BPS", "a Photoshop file"),
    (b"PK\3\4", "a ZIP or an office document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"ID3", "a sound recording"),
    (b"OggS", "a sound recording"),
    (b"%!PS", "a PostScript file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)


def media_type(head: bytes) -> str | None:
    """The allow-listed media type these first bytes announce, or None."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return _boxed(head) if head[4:8] == b"ftyp" else None


def _boxed(head: bytes) -> str | None:
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[i : i + 4] for i in range(16, size - 3, 4))}
    if head[8:12] in AVIF_BRANDS or (brands & AVIF_BRANDS and not brands & (HEIC_BRANDS - {b"mif1", b"msf1"})):
        return AVIF
    return HEIC if brands & HEIC_BRANDS else None


def plain_name(head: bytes) -> str | None:
    """What a person would call this file ("a PDF"), or None when we cannot tell."""
    for magic, name in OTHERS:
        if head.startswith(magic):
            return name
    if head[4:8] == b"ftyp":
        return "a video"
    return _text_name(head)


def _text_name(head: bytes) -> str | None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:256].lower()
    if start.startswith((b"<svg", b"<?xml")):
        return "a drawing" if b"<svg" in head.lower() else "a text file"
    if start.startswith((b"<!doctype", b"<html")):
        return "a web page"
    readable = bool(start) and all(byte >= 32 or byte in b"\t\r\n" for byte in start)
    return "a text file" if readable and b"\0" not in head else None
