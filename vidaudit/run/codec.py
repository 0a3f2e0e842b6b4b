"""Frozen values to bytes and back: JSON for what people keep, MessagePack for the cache. Exact fractions stay exact."""

from fractions import Fraction
from typing import Any, TypeVar

import msgspec

from vidaudit.errors import VidauditError

T = TypeVar("T")


class UnreadableError(VidauditError):
    """Stored evidence that can't be read: damaged, or of another version."""


def to_json(value: object) -> bytes:
    """Indented UTF-8 JSON that `from_json` turns into an equal value."""
    return msgspec.json.format(msgspec.json.encode(value, enc_hook=_encode), indent=1) + b"\n"


def to_line(value: object) -> bytes:
    """The same on one line."""
    return msgspec.json.encode(value, enc_hook=_encode) + b"\n"


def from_json(content: bytes, kind: type[T]) -> T:
    """The value of this kind. Raises UnreadableError when it isn't one."""
    try:
        return msgspec.json.decode(content, type=kind, dec_hook=_decode)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UnreadableError(f"The stored evidence can't be read: {error}. Scan the class again.") from error


def to_packed(value: object) -> bytes:
    """Compact bytes that `from_packed` turns into an equal value."""
    return msgspec.msgpack.encode(value, enc_hook=_encode)


def from_packed(content: bytes, kind: type[T]) -> T:
    """The value of this kind. Raises UnreadableError when it isn't one."""
    try:
        return msgspec.msgpack.decode(content, type=kind, dec_hook=_decode)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UnreadableError(f"A cached observation can't be read: {error}.") from error


def _encode(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    raise NotImplementedError(f"no stored form for {type(value).__name__}")


def _decode(kind: type, stored: Any) -> Any:
    if kind is Fraction:
        return _fraction(stored)
    raise NotImplementedError(f"no way to read a {kind.__name__}")


def _fraction(stored: Any) -> Fraction:
    """Only `n` or `n/d`: what `Fraction` would also take, as 1e999999999, a damaged file could choke on."""
    numerator, _, denominator = str(stored).partition("/")
    try:
        return Fraction(int(numerator), int(denominator or 1))
    except ZeroDivisionError as error:
        raise ValueError(f"{stored} divides by zero") from error
