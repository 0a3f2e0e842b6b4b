"""What kind of file a name announces: video, paper, leftover of the operating system, hidden."""

import re

from vidaudit.intake.numerals import fold

# Files, discs and streams of cameras, recorders (Hikvision .264/.ifv, Dahua .dav, Lechange .lvf), phones and editors.
_VIDEOS = """
    mp4 m4v avi mkv mov qt flv f4v wmv asf mpg mpeg mpe m1v m2v vob ts mts m2ts tp trp ps 3gp 3g2 rm rmvb dav dat h264
    264 h265 265 hevc avc webm ogv ogm divx xvid ifv lvf mxf bik amv nsv
"""
_PAPERS = """
    xlsx xlsm xls csv et pdf doc docx docm wps rtf odt ods txt md jpg jpeg png bmp tif tiff gif webp heic ofd ppt pptx
    dps odp htm html xml json toml
"""
_LEFTOVERS = """
    thumbs.db ehthumbs.db ehthumbs_vista.db desktop.ini autorun.inf iconcache.db folder.htt .ds_store .localized
    .directory .apdisk .volumeicon.icns .com.apple.timemachine.donotpresent
"""
VIDEO_EXTENSIONS = frozenset(_VIDEOS.split())
SPREADSHEET_EXTENSIONS = frozenset({"xlsx", "xlsm", "xls", "csv", "et"})
_PAPER_EXTENSIONS = frozenset(_PAPERS.split())
_LEFTOVER_FILES = frozenset(_LEFTOVERS.split()) | {"icon\r"}
_LEFTOVER_FOLDERS = frozenset(
    {
        "__macosx",
        "$recycle.bin",
        "recycler",
        "system volume information",
        "lost+found",
        "found.000",
        ".trashes",
        ".spotlight-v100",
        ".fseventsd",
        ".temporaryitems",
        ".documentrevisions-v100",
    }
)
# Cyrillic and Greek letters that look like those of an extension, and the Chinese full stop.
_LOOKALIKES = str.maketrans("авеікмморстухАВЕІКМОРСТУХμρο。", "abeikmmopctyxABEIKMOPCTYXmpo.")
_CLIP_WORDING = re.compile("授课过程|授课视频|人脸|课间.*视频")


def plain_ending(text: str) -> str:
    """The text, as far as it may be an extension, in the characters that are meant, one for one."""
    return fold(text).translate(_LOOKALIKES)


def extension(name: str) -> str:
    """The extension in lower case and ordinary characters, without its point; empty for none."""
    stem, point, last = plain_ending(name).rstrip().rpartition(".")
    return last.strip().lower() if point and stem else ""


def is_video(name: str) -> bool:
    """Whether a file is meant as a video: by its extension, or without one by its wording."""
    last = extension(name)
    if last in VIDEO_EXTENSIONS:
        return True
    is_known = last in _PAPER_EXTENSIONS or (last.isascii() and last.isalnum() and not last.isdigit())
    return not is_known and _CLIP_WORDING.search(fold(name)) is not None


def is_spreadsheet(name: str) -> bool:
    """Whether a file's extension is one of a table."""
    return extension(name) in SPREADSHEET_EXTENSIONS


def is_paper(name: str) -> bool:
    """Whether a file is a document, table or picture such as may lie in a class folder."""
    return extension(name) in _PAPER_EXTENSIONS


def is_leftover(name: str, *, is_folder: bool) -> bool:
    """Whether the operating system or an office program left it behind (Thumbs.db, ~$名单.xlsx, $RECYCLE.BIN)."""
    lowered = name.lower()
    if is_folder:
        return lowered in _LEFTOVER_FOLDERS or lowered.startswith(".trash-")
    return lowered in _LEFTOVER_FILES or lowered.startswith(("._", "~$", ".~lock."))


def is_hidden(name: str) -> bool:
    """Whether the name alone hides it (a leading point)."""
    return name.startswith(".")
