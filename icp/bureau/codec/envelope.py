"""The text of a SOAP envelope, by XML's own rules on encodings; unlike data files, which are in GBK or UTF-8.

What the bytes show comes first (a byte order mark, the zeros of UTF-16), then the declaration, then the HTTP header,
then UTF-8. Only encodings that are named here are read: others, and bytes that are no text in theirs, are an error.
"""

from __future__ import annotations

import re
from email.message import Message

from icp.bureau.codec.xml import GBK_NAMES, UTF8_NAMES, XmlError, XmlFault

DECLARED = re.compile(rb"""\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"'>]*)["']""")
MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
ZEROS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
UTF16_NAMES = frozenset({"utf-16", "utf-16le", "utf-16be", "utf16", "iso-10646-ucs-2", "ucs-2"})
CODECS = {
    **dict.fromkeys(UTF8_NAMES, "utf-8"),
    **dict.fromkeys(GBK_NAMES, "gbk"),
    "gb18030": "gb18030",
    **dict.fromkeys(("us-ascii", "ascii"), "ascii"),
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1"), "latin-1"),
}
"""Name → Python's codec, of encodings in which the declaration can be read byte by byte."""
OF_HEADER = {name: codec for name, codec in CODECS.items() if codec not in ("latin-1", "ascii")}
"""Those that a header is believed: ISO-8859-1 and US-ASCII are what servers say that don't know."""


def text(body: bytes, content_type: str = "") -> str:
    """Decode an envelope.

    Args:
        body: the answer's bytes.
        content_type: the answer's header.

    Raises:
        XmlError: ENCODING: an encoding that isn't read, or bytes that are no text in it.
    """
    for mark, codec in MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], codec)
    for start, codec in ZEROS:
        if body.startswith(start):
            return _decoded(body, codec)
    declared = DECLARED.match(body[: body.find(b">") + 1])
    name = declared.group(1).decode("ascii", "replace").lower() if declared else ""
    # UTF-16 that can be read byte by byte is none: somebody put the answer into another encoding on its way.
    if declared is None or name in UTF16_NAMES:
        return _decoded(body, OF_HEADER.get(charset(content_type), "utf-8"))
    if name not in CODECS:
        raise XmlError(XmlFault.ENCODING, f"unexpected encoding {name[:40]}")
    return _decoded(body, CODECS[name])


def charset(content_type: str) -> str:
    """The encoding a content type names, '' when it names none."""
    header = Message()
    header["Content-Type"] = content_type
    return str(header.get_content_charset("")).lower()


def _decoded(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise XmlError(XmlFault.ENCODING, f"byte {error.start} is no text in {codec}") from None
