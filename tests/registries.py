"""Made-up classes with fingerprints, as a registry keeps them."""

import datetime as dt
import hashlib
from dataclasses import replace
from fractions import Fraction

import numpy as np
from scipy.ndimage import gaussian_filter1d

from vidaudit.model.fingerprint import CURVE_BIN_S, LEVELS_PER_UNIT, ClipFingerprint
from vidaudit.model.registry import KeptClass, KeptClip
from vidaudit.observe.lookup import thinned

DAY = dt.date(2024, 5, 20)
NOW = dt.datetime(2024, 6, 1, 9, 30, tzinfo=dt.UTC)


def motion(seed, number=3000):
    """What moves in a room: lively and quiet by turns."""
    return gaussian_filter1d(np.random.default_rng(seed).normal(0, 1.5, number), 2)


def fingerprint(levels, seed=None, *, constant_rate=False):
    """A fingerprint of this curve; `seed` stands for the encoding, which gives the marks."""
    duration_s = Fraction(len(levels)) * CURVE_BIN_S
    number = 0 if seed is None else int(duration_s * 2)
    marks = np.random.default_rng(0 if seed is None else seed).integers(0, 2**64, number, np.uint64)
    return ClipFingerprint(
        duration_s=duration_s,
        curve=np.clip(np.round(np.asarray(levels) * LEVELS_PER_UNIT), -127, 127).astype(np.int8).tobytes(),
        marks=marks.astype("<u8").tobytes(),
        marks_at=(500 * np.arange(number)).astype("<u4").tobytes(),
        constant_rate=constant_rate,
    )


def cut(whole, from_s, to_s):
    """A piece of a clip, cut at packets."""
    times_s, bins = whole.mark_times_s(), slice(int(from_s / CURVE_BIN_S), int(to_s / CURVE_BIN_S))
    inside = (times_s >= from_s) & (times_s < to_s)
    return replace(
        whole,
        duration_s=Fraction(to_s - from_s),
        curve=whole.curve[bins],
        marks=whole.mark_hashes()[inside].astype("<u8").tobytes(),
        marks_at=np.round(1000 * (times_s[inside] - from_s)).astype("<u4").tobytes(),
    )


def clip(seed, path=None, *, date=DAY, print_=None):
    whole = print_ if print_ is not None else fingerprint(motion(seed), seed)
    return KeptClip(
        path=path or f"5月20日/{seed}.mp4",
        date=date,
        kind="lecture",
        sha256=hashlib.sha256(str(seed).encode()).hexdigest(),
        fingerprint=thinned(whole),
    )


def course(name="第1期保育师培训班", *clips, institution="甲学校", first=DAY, last=DAY, **values):
    return KeptClass(
        institution=institution,
        name=name,
        first_day=first,
        last_day=last,
        submission=values.pop("submission", "DISC"),
        scanned_at=values.pop("scanned_at", NOW),
        version="1.0",
        clips=clips,
        **values,
    )
