"""What a run needs once its clips have been observed, loaded while it waits for the workers."""

import gc
import importlib
import threading
from collections.abc import Sequence

from vidaudit.report.html import load_pages

# What compares footage and writes reports: half a second to load that would else be waited for; and what asks the
# registry, half as much again.
_LATER = (
    "scipy.fft",
    "scipy.ndimage",
    "scipy.sparse",
    "vidaudit.run.reuse",
    "vidaudit.observe.people",
    "vidaudit.observe.heads_onnx",
    "vidaudit.report.terminal",
)
_REGISTRY = "vidaudit.run.earlier"


def load_ahead(*, asks_registry: bool = True) -> threading.Thread:
    """Load it beside what this process does; the thread is returned for whoever wants to wait for it."""
    names = (*_LATER, _REGISTRY) if asks_registry else _LATER
    thread = threading.Thread(target=_load, args=(names,), name="load-ahead", daemon=True)
    thread.start()
    return thread


def _load(names: Sequence[str]) -> None:
    for name in names:
        importlib.import_module(name)
    load_pages()
    gc.freeze()  # modules stay to the end, where looking through them for garbage takes a fifth of a second
