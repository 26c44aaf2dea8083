"""What the gate says to the person holding the phone: short, kind, and what to do next."""

from __future__ import annotations

SENTENCES = {
    "good": "This photo is good.",
    "near_line": "This photo will do. A steadier or closer one may be even better.",
    "motion": "The photo is blurred by movement. Hold the phone with both hands and take it again.",
    "defocus": "The photo is out of focus. Tap on the spot that matters, wait a moment, and take it again.",
    "too_dark": "The photo is too dark. Switch on a light or the flash, and take it again.",
    "overexposed": "The photo is too bright to see details. Turn away from the light, and take it again.",
    "glare": "A reflection hides part of the photo. Tilt the phone or the product a little, and take it again.",
    "blank": "There is nothing to see in this photo. Check that nothing covers the lens, and take it again.",
    "tiny": "This picture is too small to see details. Send the original photo.",
}


def sentence_for(reasons: tuple[str, ...], *, near_line: bool) -> str:
    """The sentence of the first reason; for an accepted photo whether it is good or just good enough."""
    if reasons:
        return SENTENCES[reasons[0]]
    return SENTENCES["near_line" if near_line else "good"]
