"""What a run needs once its clips have been observed, loaded while it waits for the workers."""

import importlib
import threading

# What compares footage, asks the registry and writes reports: a second to load that would else be waited for.
_LATER = (
    "vidaudit.run.reuse",
    "vidaudit.run.earlier",
    "vidaudit.observe.people",
    "vidaudit.observe.heads_onnx",
    "vidaudit.report.terminal",
)


def load_ahead() -> threading.Thread:
    """Load it beside what this process does; the thread is returned for whoever wants to wait for it."""
    thread = threading.Thread(target=_load, name="load-ahead", daemon=True)
    thread.start()
    return thread


def _load() -> None:
    for name in _LATER:
        importlib.import_module(name)
