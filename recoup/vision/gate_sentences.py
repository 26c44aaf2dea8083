"""What the gate says to the person holding the phone: short, kind, and what to do next."""

from __future__ import annotations

SENTENCES = {
    "good": "This photo is good.",
    "blank": "There is nothing to see in this photo. Check that nothing covers the lens, and take it again.",
    "too_dark": "This photo is too dark. Turn towards a window or switch on the light, and take it again.",
    "overexposed": "This photo is too bright to see details. Turn away from the light, and take it again.",
    "glare": "A reflection hides part of this photo. Tilt the phone or the item a little, and take it again.",
    "motion": "This photo is blurred by movement. Hold the phone with both hands and take it again.",
    "defocus": "This photo is out of focus. Tap on the spot that matters, wait a moment, and take it again.",
    "tiny": "This picture is too small to see details. Send the original photo.",
    "too_small": "The item is too small in this photo. Go closer and take it again.",
    "cut_off": "Part of the item is outside this photo. Step back a little and take it again.",
    "not_goods": "We cannot see your item here. Take a photo of the item itself.",
}
ADVICE = {
    "too_dark": "This photo will do, but it is rather dark. With more light it would show more.",
    "overexposed": "This photo will do, but it is rather bright. Away from the light it would show more.",
    "glare": "This photo will do, but a reflection may hide something. Tilted a little it would show more.",
    "motion": "This photo will do, but it is a little blurred. Held steady it would show more.",
    "defocus": "This photo will do, but it is a little soft. A tap on the spot that matters makes it sharper.",
    "too_small": "This photo will do. From closer it would show more.",
    "cut_off": "This photo will do. If the whole item should be in it, step back a little.",
}


def sentence_for(reasons: tuple[str, ...], *, advice: tuple[str, ...] = ()) -> str:
    """The sentence of the first reason; for an accepted photo that it is good, or what would make it better."""
    if reasons:
        return SENTENCES[reasons[0]]
    return ADVICE[advice[0]] if advice else SENTENCES["good"]
