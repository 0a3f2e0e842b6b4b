"""A file is opened alone: nothing it names is ever opened, whatever it calls itself."""

import errno
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from tests.media.conftest import ClipLibrary
from vidaudit.media import reader
from vidaudit.media.probe import probe
from vidaudit.media.reader import MAX_PIXELS, ByteSource, open_file, open_media, size_is_sane
from vidaudit.model.media import Container, ProbeProblem

_NESTED = (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref")


def with_external_data(clip: bytes, target: str) -> bytes:
    """An MP4 (index at the end) whose pictures claim to lie in another file: an alias data reference."""
    name = target.encode() + b"\0" * (len(target.encode()) % 2)
    alias = bytes(14) + b"\x01v".ljust(28, b"\0") + bytes(12) + b"\x05x.mp4".ljust(64, b"\0") + bytes(16)
    alias += struct.pack(">hh", 1, 1) + bytes(16) + struct.pack(">hH", 2, len(target.encode())) + name
    alias = (alias + struct.pack(">hH", -1, 0)).ljust(160, b"\0")
    entry = struct.pack(">I4s", len(alias) + 8, b"alis") + alias
    out = bytearray(clip)
    at = out.index(b"url ", out.index(b"dref")) - 4
    out[at : at + 12] = entry
    for kind in _NESTED:
        size_at = out.index(kind, out.index(b"moov")) - 4
        old = int.from_bytes(out[size_at : size_at + 4], "big")
        out[size_at : size_at + 4] = struct.pack(">I", old + len(entry) - 12)
    return bytes(out)


@pytest.fixture
def trap() -> Iterator[socket.socket]:
    """A server on this machine that nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def test_an_external_data_reference_is_dangerous_by_default(clips: ClipLibrary, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(with_external_data(clips["plain.mp4"].read_bytes(), str(tmp_path / "canary.mp4")))
    asked: list[str] = []

    def remember(url: str, _flags: int, _options: dict[str, str]) -> None:
        asked.append(url)
        raise PermissionError

    options = {"enable_drefs": "1", "use_absolute_path": "1"}
    with path.open("rb") as file, pytest.raises(PermissionError):
        av.open(file, format="mov", options=options, io_open=remember)
    assert [Path(url).name for url in asked] == ["canary.mp4"]


def test_an_external_data_reference_is_not_followed(
    clips: ClipLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, canary = tmp_path / "clip.mp4", tmp_path / "canary.mp4"
    canary.write_bytes(clips["plain.mp4"].read_bytes())
    path.write_bytes(with_external_data(clips["plain.mp4"].read_bytes(), str(canary)))
    asked: list[str] = []
    monkeypatch.setattr(reader, "_refuse_to_open", lambda url, *_: asked.append(url))
    facts = probe(path).facts
    assert asked == []
    assert facts.packets is None
    assert facts.problems == (ProbeProblem.NO_PACKETS,)


@pytest.mark.parametrize(
    "template",
    [
        "#EXTM3U\n#EXTINF:1,\n{url}\n",
        "ffconcat version 1.0\nfile {url}\n",
        "file '{canary}'\n",
        "[playlist]\nFile1={url}\n",
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{url}</BaseURL></MPD>',
        '<asx version="3.0"><entry><ref href="{url}"/></entry></asx>',
        "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video {port} RTP/AVP 96\n",
        "{url}\n",
    ],
    ids=["m3u8", "ffconcat", "concat", "pls", "dash", "asx", "sdp", "address"],
)
def test_playlists_named_mp4_reach_no_demuxer(
    template: str, clips: ClipLibrary, tmp_path: Path, trap: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = trap.getsockname()[1]
    path = tmp_path / "clip.mp4"
    path.write_text(template.format(url=f"http://127.0.0.1:{port}/x.ts", canary=clips["plain.mp4"], port=port))
    monkeypatch.setattr(av, "open", lambda *_, **__: pytest.fail("a demuxer was asked"))
    facts = probe(path).facts
    assert (facts.container, facts.problems) == (Container.PLAYLIST, (ProbeProblem.NOT_MEDIA,))
    with pytest.raises(BlockingIOError):
        trap.accept()


def test_the_table_holds_no_demuxer_that_opens_other_files() -> None:
    assert set(reader.FORMATS.values()).isdisjoint({"hls", "dash", "concat", "sdp", "image2", "rtsp", "imf", "lavfi"})
    assert set(reader.FORMATS).isdisjoint({Container.PLAYLIST, Container.TEXT, Container.UNKNOWN, Container.IMAGE})


def test_every_demuxer_of_the_table_is_built_in() -> None:
    built_in = {name for entry in av.formats_available for name in entry.split(",")}
    assert set(reader.FORMATS.values()) <= built_in


def test_libav_is_not_told_the_name(clips: ClipLibrary) -> None:
    with open_file(clips["plain.mp4"]) as file, open_media(ByteSource(file), Container.MP4) as media:
        assert media.name == "<none>"


def test_the_forced_demuxer_reads_nothing_else(clips: ClipLibrary) -> None:
    with open_file(clips["avi.avi"]) as file, pytest.raises(reader.READER_ERRORS):  # noqa: SIM117
        with open_media(ByteSource(file), Container.MP4):
            pass


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_neither_hangs_nor_opens(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    os.mkfifo(path)
    with pytest.raises(OSError, match="not a regular file"):
        open_file(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - the words differ between systems
        open_file(tmp_path)


def test_a_failing_read_is_kept_and_looks_like_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Scratched:
        def read(self, _size: int) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

    source = ByteSource(Scratched())  # type: ignore[arg-type]
    assert source.read(10) == b""
    assert source.error is not None
    assert source.error.errno == errno.EIO


@pytest.mark.parametrize("offset", [-1, -(2**63), 2**70])
def test_a_senseless_seek_is_refused(clips: ClipLibrary, offset: int) -> None:
    with open_file(clips["plain.mp4"]) as file:
        source = ByteSource(file)
        assert source.seek(offset) < 0
        assert (source.seek(8), source.tell(), source.error) == (8, 8, None)


@pytest.mark.parametrize(
    ("width", "height", "sane"),
    [(8192, 8192, True), (8193, 16, False), (16, 8193, False), (1366, 768, True)],
)
def test_sane_sizes(width: int, height: int, sane: bool) -> None:
    assert size_is_sane(width, height) is sane
    assert not sane or width * height <= MAX_PIXELS


def test_nothing_is_written_to_the_terminal(
    clips: ClipLibrary, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data = bytearray(clips["faststart.mp4"].read_bytes())
    data[len(data) // 2 :: 3] = b"\xa5" * len(data[len(data) // 2 :: 3])
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    probe(path)
    assert capfd.readouterr() == ("", "")
