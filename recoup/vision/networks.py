"""How every network of ours is opened: on the processor, quiet, and giving way to whoever else needs it."""

from __future__ import annotations

import onnxruntime


def opened(path: str, *, threads: int) -> onnxruntime.InferenceSession:
    """The network in this file; its session is safe to share by threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A thread that waits sleeps: spinning would take the processor from pages and uploads.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    # Photos come in every size: an arena would keep the largest ever seen.
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
