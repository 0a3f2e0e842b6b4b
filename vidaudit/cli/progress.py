"""Progress at a terminal: one bar over all clips with the time left, and one line for each clip being watched."""

import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from tqdm import tqdm

from vidaudit.model.evidence import ClipEvidence
from vidaudit.run.clip import ClipTask, Stage
from vidaudit.run.engines import Engine

_REFRESH_S = 0.3
_MAX_LINES = 8
_MAX_NAME = 24  # characters of a path's end: twice as many columns in Chinese, beside what is happening, of 80
_WORDS: Mapping[str, Mapping[Stage, str]] = {
    "zh": {Stage.READING: "读取", Stage.WATCHING: "查看画面", Stage.RECOGNISING: "识别人脸"},
    "en": {Stage.READING: "reading", Stage.WATCHING: "watching", Stage.RECOGNISING: "recognising faces"},
}
_TOTAL: Mapping[str, str] = {"zh": "全部视频", "en": "all clips"}
_REPAIR: Mapping[str, Mapping[str, str]] = {
    "zh": {"looking": "查看", "mending": "整改"},
    "en": {"looking": "looking", "mending": "mending"},
}
_LEFT: Mapping[str, str] = {"zh": "剩余", "en": "left"}


class TqdmMonitor:
    """Shows progress on standard error; silent when that is not a terminal. `lang` is `zh` or `en`."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, tasks: Sequence[ClipTask], engine: Engine) -> None:
        """Begin to show how far the engine is."""
        if not sys.stderr.isatty() or not tasks:
            return
        self._thread = threading.Thread(target=self._show, args=(tasks, engine), daemon=True)
        self._thread.start()

    def clip_done(self, task: ClipTask, evidence: ClipEvidence) -> None:
        """Nothing to do: the bar looks at the engine itself."""

    def stop(self) -> None:
        """Take the bars away."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _show(self, tasks: Sequence[ClipTask], engine: Engine) -> None:
        left = _LEFT[self._lang]
        layout = "{desc} {percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt} " + left + " {remaining}"
        total: tqdm[Any] = tqdm(
            total=len(tasks), bar_format=layout, desc=_TOTAL[self._lang], leave=False, dynamic_ncols=True
        )
        lines: list[tqdm[Any]] = [
            tqdm(bar_format="  {desc}", position=1 + row, leave=False, dynamic_ncols=True)
            for row in range(min(_MAX_LINES, len(tasks)))
        ]
        while not self._stop.wait(_REFRESH_S):
            self._refresh(total, lines, tasks, engine)
        for bar in (*reversed(lines), total):
            bar.close()

    def _refresh(
        self, total: "tqdm[Any]", lines: "Sequence[tqdm[Any]]", tasks: Sequence[ClipTask], engine: Engine
    ) -> None:
        progress = engine.progress()
        if not progress:
            return
        weights = [max(task.bytes, 1) for task in tasks]
        share = sum(one.share * weight for one, weight in zip(progress, weights, strict=True)) / sum(weights)
        total.n = round(share * len(tasks), 1)
        total.refresh()
        running = [
            (task, one)
            for task, one in zip(tasks, progress, strict=True)
            if one.stage not in (Stage.WAITING, Stage.DONE)
        ]
        for row, line in enumerate(lines):
            text = ""
            if row < len(running):
                task, one = running[row]
                text = f"{_WORDS[self._lang][one.stage]} {one.share:4.0%}  {_end(task.path)}"
            if text != line.desc:
                line.set_description_str(text)


class TqdmWatcher:
    """Shows how far a repair is, clip by clip, on standard error; silent when that is not a terminal."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._bar: tqdm[Any] | None = None

    def start(self, stage: str, num_clips: int) -> None:
        """A stage begins."""
        self.stop()
        if sys.stderr.isatty() and num_clips:
            words = _REPAIR[self._lang].get(stage, stage)
            self._bar = tqdm(total=num_clips, desc=words, leave=False, dynamic_ncols=True, initial=-1)

    def clip(self, path: str) -> None:
        """The one before is done, this one is begun."""
        if self._bar is not None:
            self._bar.set_postfix_str(_end(path), refresh=False)
            self._bar.update()

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _end(path: str) -> str:
    """The end of a long path, which tells a clip from its neighbours."""
    return path if len(path) <= _MAX_NAME else f"...{path[-_MAX_NAME:]}"
