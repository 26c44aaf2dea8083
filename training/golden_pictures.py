"""Pictures that phone and server make for themselves, byte for byte alike, from a few lines of gate/golden/cases.json.

Each picture is a list of layers, one on top of the other, in whole numbers only; chance is a mixing function of a seed
and a running number. tests/gate/golden_pictures.js is the same in JavaScript: change both or none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recoup.vision.luma import running

Pixels = NDArray[np.uint8]
Layer = Mapping[str, Any]


def made(case: Mapping[str, Any]) -> Pixels:
    """uint8[h, w, 3] of a case with width, height and layers."""
    pixels = np.zeros((case["height"], case["width"], 3), np.uint8)
    for layer in case["layers"]:
        x, y, wide, high = layer.get("within", (0, 0, case["width"], case["height"]))
        part = pixels[y : y + high, x : x + wide]
        part[...] = LAYERS[layer["kind"]](part.copy(), layer)
    return pixels


def mixed(seed: int, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """32 well-mixed bits for each number: the last step of MurmurHash3."""
    bits = np.asarray(numbers, np.uint32) + np.uint32(seed * 0x9E3779B1 & 0xFFFFFFFF)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        bits = (bits ^ (bits >> np.uint32(shift))) * np.uint32(factor)  # of the product only 32 bits are kept
    return np.asarray(bits ^ (bits >> np.uint32(16)), np.int64)


def _fill(pixels: Pixels, layer: Layer) -> Pixels:
    pixels[...] = layer["colour"]
    return pixels


def _ramp(pixels: Pixels, layer: Layer) -> Pixels:
    """From one colour to another: across, down, or slanting."""
    down, across = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    at = {"across": across, "down": down, "slant": across + down}[layer["way"]]
    last = max(1, int(at[-1, -1]))
    values = [(start * (last - at) + end * at) // last for start, end in zip(layer["from"], layer["to"], strict=True)]
    return np.stack(values, axis=-1).astype(np.uint8)


def _checks(pixels: Pixels, layer: Layer) -> Pixels:
    down, across = np.mgrid[: pixels.shape[0], : pixels.shape[1]] // layer["cell"]
    pixels[(down + across) % 2 == 1] = layer["colour"]
    return pixels


def _noise(pixels: Pixels, layer: Layer) -> Pixels:
    """Up to ``spread`` more or less, on each channel or, as ``grey``, on all three alike."""
    shape = (*pixels.shape[:2], 1 if layer["grey"] else 3)
    spread = layer["spread"]
    change = mixed(layer["seed"], np.arange(np.prod(shape))) % (2 * spread + 1) - spread
    return np.asarray(np.clip(pixels + change.reshape(shape), 0, 255), np.uint8)


def _boxes(pixels: Pixels, layer: Layer) -> Pixels:
    """Boxes and diamonds of any colour, anywhere; what hangs over the edge is cut off."""
    seed, least, span = layer["seed"], layer["least"], layer["most"] - layer["least"] + 1
    for chance in mixed(seed, np.arange(layer["count"] * 8)).reshape(-1, 8).tolist():
        x, y = chance[0] % pixels.shape[1], chance[1] % pixels.shape[0]
        wide, high = least + chance[2] % span, least + chance[3] % span
        part = pixels[y : y + high, x : x + wide]
        down, across = np.ogrid[: part.shape[0], : part.shape[1]]
        diamond = abs(2 * across - wide) * high + abs(2 * down - high) * wide <= wide * high
        part[diamond if chance[4] % 2 else ...] = [20 + channel % 216 for channel in chance[5:]]
    return pixels


def _text(pixels: Pixels, layer: Layer) -> Pixels:
    """Lines of upright strokes and gaps, as print looks from afar."""
    size = layer["size"]
    chance = (
        bits for start in count(0, 4096) for bits in mixed(layer["seed"], np.arange(start, start + 4096)).tolist()
    )
    for y in range(size, pixels.shape[0] - size, 2 * size):
        x = size
        while x < pixels.shape[1] - size:
            wide = 1 + next(chance) % max(1, size // 2)
            pixels[y : y + size, x : x + wide] = layer["colour"]
            x += wide + 1 + next(chance) % size
    return pixels


def _soften(pixels: Pixels, layer: Layer) -> Pixels:
    """A box mean, ``times`` over: as a lens out of focus. At the edge the box is cut off."""
    for _ in range(layer["times"]):
        across = _box_mean(np.ascontiguousarray(pixels.swapaxes(0, 1)), layer["radius"])
        pixels = _box_mean(np.ascontiguousarray(across.swapaxes(0, 1)), layer["radius"])
    return pixels


def _box_mean(pixels: Pixels, radius: int) -> Pixels:
    """Along the first axis."""
    high = len(pixels)
    until = running(pixels, np.int32)
    ends, begins = np.minimum(np.arange(high) + radius + 1, high), np.maximum(np.arange(high) - radius, 0)
    number = (ends - begins).astype(np.float32)[:, None, None]
    # Halves up. No quotient lies so near a whole number that 24 bits could not tell on which side.
    return np.asarray((until[ends] - until[begins]) / number + np.float32(0.5), np.uint8)


def _smear(pixels: Pixels, layer: Layer) -> Pixels:
    """The mean of ``length`` copies, each one step (across, down) further: as a hand that moved."""
    (across, down), length = layer["step"], layer["length"]
    rows, columns = np.arange(pixels.shape[0]), np.arange(pixels.shape[1])
    total = np.zeros(pixels.shape, np.int32)
    for step in range(length):
        row = np.clip(rows + step * down, 0, len(rows) - 1)
        total += pixels[row][:, np.clip(columns + step * across, 0, len(columns) - 1)]
    return np.asarray((2 * total + length) // (2 * length), np.uint8)


def _light(pixels: Pixels, layer: Layer) -> Pixels:
    """More or less light: ``gain`` in 128ths, then ``more`` on top."""
    return np.asarray(np.clip((pixels.astype(np.int32) * layer["gain"] >> 7) + layer["more"], 0, 255), np.uint8)


LAYERS: Mapping[str, Callable[[Pixels, Layer], Pixels]] = {
    "fill": _fill, "ramp": _ramp, "checks": _checks, "noise": _noise, "boxes": _boxes, "text": _text,
    "soften": _soften, "smear": _smear, "light": _light,
}  # fmt: skip
