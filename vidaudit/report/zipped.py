"""Office files are zip files full of time stamps: here they become one, so that the same report is the same file."""

import datetime as dt
import io
import re
import zipfile
from typing import Final

_MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_EARLIEST_ZIP: Final = dt.datetime(1980, 1, 1)  # the format begins there, and knows no time zones


def with_fixed_times(content: bytes, stamp: dt.datetime) -> bytes:
    """The same zip file with `stamp` (without a time zone) on every member, and as the time of the last change."""
    when = max(stamp, _EARLIEST_ZIP)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, date_time=when.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            text = f"{stamp:%Y-%m-%dT%H:%M:%SZ}".encode()
            new.writestr(member, _MODIFIED.sub(rb"\g<1>" + text + rb"\g<2>", old.read(name)))
    return buffer.getvalue()
