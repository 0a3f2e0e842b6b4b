"""The number that an H.264 encoder gives each of its key frames, read from the head of the packet.

Source: ITU-T H.264, 7.3.2.1.1 (sequence parameter set) and 7.3.3 (slice header). Two neighbouring key frames must have
different numbers (7.4.3), so encoders count on or alternate; where pieces of a stream are joined, the order may break.
"""

import re
from dataclasses import dataclass

_IDR, _SPS = 5, 7
_HEAD_BYTES = 64  # the fields that are read take less than 20
_LONGEST_SPS = 512
_START_CODE = re.compile(rb"\0\0\x01")
# Profiles whose parameter set tells the chroma format: 7.3.2.1.1.
_HIGH_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})


@dataclass(frozen=True, kw_only=True)
class Sequence:
    """What of a sequence parameter set is needed to read a slice's head."""

    frame_num_bits: int
    separate_planes: bool
    frames_only: bool


class KeyframeNumbers:
    """Reads the numbers of key frames. Feed it the stream's extradata, then each key frame's packet."""

    def __init__(self, extradata: bytes | None) -> None:
        extradata = extradata or b""
        self._length_bytes = (extradata[4] & 3) + 1 if extradata[:1] == b"\x01" and len(extradata) > 6 else None
        self._sequence = _sequence_of(_configured(extradata) if self._length_bytes else _annex_b(extradata))

    def number(self, packet: memoryview) -> int | None:
        """`idr_pic_id` of this key frame; None where it can't be read."""
        units = _annex_b(bytes(packet[:4096])) if self._length_bytes is None else _prefixed(packet, self._length_bytes)
        self._sequence = _sequence_of(units) or self._sequence
        for unit in units:
            if unit and unit[0] & 0x1F == _IDR and self._sequence is not None:
                return _idr_number(unit, self._sequence)
        return None


class _Bits:
    """Reads bits from the front; past the end there are only zeros, then an error."""

    def __init__(self, data: bytes) -> None:
        plain = data.replace(b"\0\0\x03", b"\0\0")  # emulation prevention, 7.4.1
        self._value = int.from_bytes(plain, "big")
        self._left = 8 * len(plain)

    def take(self, number: int) -> int:
        if number > self._left:
            raise ValueError("the unit ends too soon")
        self._left -= number
        return self._value >> self._left & ((1 << number) - 1)

    def golomb(self) -> int:
        zeros = 0
        while not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)


def _configured(extradata: bytes) -> list[bytes]:
    """The parameter sets of an `avcC` box (ISO/IEC 14496-15, 5.3.3.1)."""
    units, at = [], 6
    for _ in range(extradata[5] & 31):
        length = int.from_bytes(extradata[at : at + 2], "big")
        units.append(extradata[at + 2 : at + 2 + length])
        at += 2 + length
    return units


def _annex_b(data: bytes) -> list[bytes]:
    """The units after start codes, each as far as it is of use."""
    starts = [found.end() for found in _START_CODE.finditer(data)]
    return [data[start : start + _LONGEST_SPS] for start in starts]


def _prefixed(packet: memoryview, length_bytes: int) -> list[bytes]:
    """The units behind their lengths, up to the first of a picture."""
    units, at = [], 0
    while at + length_bytes < len(packet):
        length = int.from_bytes(packet[at : at + length_bytes], "big")
        at += length_bytes
        units.append(bytes(packet[at : at + min(length, _LONGEST_SPS)]))
        at += length
        if 1 <= units[-1][0] & 0x1F <= _IDR:
            break
    return units


def _sequence_of(units: list[bytes]) -> Sequence | None:
    for unit in units:
        if unit and unit[0] & 0x1F == _SPS:
            try:
                return _parse_sequence(unit[1:])
            except ValueError:
                return None
    return None


def _parse_sequence(payload: bytes) -> Sequence:
    bits = _Bits(payload)
    profile = bits.take(24) >> 16
    bits.golomb()
    separate = _skip_chroma(bits) if profile in _HIGH_PROFILES else False
    frame_num_bits = bits.golomb() + 4
    _skip_order_count(bits)
    bits.golomb()  # reference pictures
    bits.take(1)
    bits.golomb()  # width
    bits.golomb()  # height
    return Sequence(frame_num_bits=frame_num_bits, separate_planes=separate, frames_only=bool(bits.take(1)))


def _skip_chroma(bits: _Bits) -> bool:
    """Chroma format, bit depths and scaling lists; whether the colours are coded as pictures of their own."""
    chroma = bits.golomb()
    separate = chroma == 3 and bool(bits.take(1))
    bits.golomb()
    bits.golomb()
    bits.take(1)
    if bits.take(1):
        for number in range(12 if chroma == 3 else 8):
            if bits.take(1):
                _skip_scaling(bits, 16 if number < 6 else 64)
    return separate


def _skip_scaling(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            code = bits.golomb()
            following = (last + ((code + 1) // 2 if code % 2 else -(code // 2))) % 256
        last = following or last


def _skip_order_count(bits: _Bits) -> None:
    kind = bits.golomb()
    if kind == 0:
        bits.golomb()
    elif kind == 1:
        bits.take(1)
        bits.golomb()
        bits.golomb()
        for _ in range(bits.golomb()):
            bits.golomb()


def _idr_number(unit: bytes, sequence: Sequence) -> int | None:
    bits = _Bits(unit[1:_HEAD_BYTES])
    try:
        for _ in range(3):  # first macroblock, kind of slice, picture parameter set
            bits.golomb()
        bits.take(2 * sequence.separate_planes + sequence.frame_num_bits)
        if not sequence.frames_only and bits.take(1):
            bits.take(1)
        return bits.golomb()
    except ValueError:
        return None
