"""The bytes of a saved page → its markup, decoded as the page says, or as its bytes show."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from rag.domain import Note
from rag.errors import UnreadableFile

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.+-]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.+-]{1,40})", re.IGNORECASE)
# What a page may name; anything else is told from the bytes. Latin-1 means Windows-1252
# on the web (WHATWG Encoding Standard).
_KNOWN = re.compile(
    r"^(?:utf-?8|iso-8859-\d+|windows-\d+|cp\d+|koi8-[ru]|gb2312|gbk|gb18030|big5|euc-\w+"
    r"|shift_jis|iso-2022-jp|macintosh)$"
)
_LATIN = frozenset(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "cp1252"))
_NAMES = {"macintosh": "mac-roman", "gb2312": "gb18030", "gbk": "gb18030"}
_TEXT_CONTROLS = frozenset(b"\t\n\v\f\r\x1b\x1a")
# In XHTML these may close themselves; read as HTML they would swallow what follows.
_CLOSED = re.compile(r"<(script|style|title|iframe|textarea|noscript)\b([^<>]*)/>", re.IGNORECASE)


def web_page(path: Path, data: bytes) -> tuple[bytes, str | None]:
    """The page itself, and the encoding that the archive around it names.

    Raises:
        UnreadableFile: an archive without a page in it.

    """
    if not re.match(rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:", data[:8192], re.I):
        return data, None
    import email
    import email.errors
    import email.policy

    try:
        archive = email.message_from_bytes(data, policy=email.policy.compat32)
        for part in archive.walk():
            if part.get_content_type() in ("text/html", "application/xhtml+xml"):
                page = part.get_payload(decode=True)
                if isinstance(page, bytes) and page.strip():
                    return page, part.get_content_charset()
    except (email.errors.MessageError, RecursionError, LookupError, ValueError) as error:
        raise UnreadableFile(f"{path} is a damaged web archive; save the page again.") from error
    raise UnreadableFile(f"{path} is a web archive without a page; save the page as HTML.")


def decode(path: Path, data: bytes, charset: str | None) -> tuple[str, tuple[Note, ...]]:
    """Decode a page.

    Args:
        path: the file, for messages.
        data: the page.
        charset: the encoding that its transport named, if any.

    Raises:
        UnreadableFile: the bytes are no text.

    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace"), ()
    if data[:200].count(0) > 20:  # "<\0h\0t\0m\0l\0": without a mark of byte order
        text = data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", "replace")
        if "<" in text[:200]:
            return text, ()
    sample = data[: 1 << 20]
    if sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in sample) > len(sample) // 200:
        raise UnreadableFile(f"{path} is a binary file, not a web page; save the page again.")
    head = data[:16384]
    xml = _XML.match(head.lstrip())
    declared = charset or _declared(_META.search(head)) or _declared(xml)
    text, notes = _decode(data, (declared or "").lower())
    return (_CLOSED.sub(r"<\1\2></\1>", text) if xml else text), notes


def _declared(match: re.Match[bytes] | None) -> str | None:
    return match[1].decode("ascii", "replace") if match else None


def _decode(data: bytes, declared: str) -> tuple[str, tuple[Note, ...]]:
    try:
        # Bytes that happen to be UTF-8 are UTF-8, whatever the page says.
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        foreign = declared and "utf" not in declared and not text.isascii()
        if foreign and not declared.startswith("iso-2022"):
            return text, (Note("encoding", "", f"The page says {declared}, but is UTF-8."),)
        if not declared.startswith("iso-2022"):
            return text, ()
    if _KNOWN.match(declared) and declared not in _LATIN and "utf" not in declared:
        try:
            text = data.decode(_NAMES.get(declared, declared), "replace")
        except LookupError:
            pass
        else:
            broken = text.count("�")
            what = f"{broken} characters could not be decoded."
            return text, (Note("encoding", "", what),) if broken else ()
    mended = data.decode("utf-8", "replace")
    broken = mended.count("�")
    if broken * 4 < sum(byte >= 0x80 for byte in data):  # UTF-8 with little damage
        return mended, (Note("encoding", "", f"{broken} characters could not be decoded."),)
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    known = declared in _LATIN or declared == "windows-1252"
    return text, () if known else (Note("encoding", "", "Not UTF-8; read as Windows-1252."),)
