"""The three networks, each loaded once per process when first asked for; sessions are safe to share by threads."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnxruntime

from recoup.vision.networks import opened

THREADS = 2
_SESSIONS: dict[str, onnxruntime.InferenceSession] = {}
_LOCK = threading.Lock()


class Missing(Exception):
    """A network's file is not where its package should have put it."""


def text_detector() -> onnxruntime.InferenceSession:
    """PP-OCR detector: float32[1, 3, height, width] in -1 … 1 to float32[1, 1, height, width], text likeliness."""
    return _session("text detector", lambda: _rapidocr_model("PP-OCRv6_det_small.onnx"))


def text_reader() -> onnxruntime.InferenceSession:
    """PP-OCR recogniser: float32[n, 3, 48, width] in -1 … 1 to float32[n, steps, characters]."""
    return _session("text reader", lambda: _rapidocr_model("PP-OCRv6_rec_small.onnx"))


def face_detector() -> onnxruntime.InferenceSession:
    """CenterFace: float32[n, 3, height, width] RGB 0 … 255, sides by 32, to heat, size, offset, landmarks at 1/4."""
    return _session("face detector", lambda: Path(__file__).resolve().parent.parent / "weights" / "centerface.onnx")


def run(session: onnxruntime.InferenceSession, batch: Any) -> list[Any]:
    return list(session.run(None, {session.get_inputs()[0].name: batch}))


def _session(name: str, find: Callable[[], Path]) -> onnxruntime.InferenceSession:
    with _LOCK:
        if name not in _SESSIONS:
            _SESSIONS[name] = _load(find())
        return _SESSIONS[name]


def _load(path: Path) -> onnxruntime.InferenceSession:
    if not path.is_file():
        raise Missing(path.name)
    return opened(str(path), threads=THREADS)


def _rapidocr_model(name: str) -> Path:
    """The models lie in rapidocr's wheel; found without importing the package, which takes a second."""
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise Missing("rapidocr")
    return Path(spec.origin).parent / "models" / name
