"""An old Word file → .docx, by LibreOffice in a process and profile of its own.

The kind of a file is told by its first bytes: much that is named .doc is RTF, HTML or
.docx. LibreOffice gets a copy of the bytes in a folder that is deleted afterwards, is
told which filter to use, runs no macros, follows no links, and is stopped when it takes
too long.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Literal

from rag.errors import UnreadableFile

Kind = Literal["docx", "html", "Word 97", "RTF", "Word 2003 XML", "WordPerfect"]

_SECONDS = 120
_FILTERS: dict[Kind, tuple[str, str]] = {  # the suffix and LibreOffice's name of the format
    "Word 97": (".doc", "MS Word 97"),
    "RTF": (".rtf", "Rich Text Format"),
    "Word 2003 XML": (".xml", "MS Word 2003 XML"),
    "WordPerfect": (".wpd", "WordPerfect"),
}
_CFB = bytes.fromhex("d0cf11e0a1b11ae1")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
</oor:items>
"""


def kind_of(path: Path, data: bytes) -> Kind:
    """Tell what a file named .doc or .docx is.

    Raises:
        UnreadableFile: it is encrypted, or of no kind that can be read.

    """
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"PK"):
        return "docx"
    if head.startswith(_CFB):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableFile(f"{path} is encrypted; save it without a password.")
        if "WordDocument".encode("utf-16-le") in data:
            return "Word 97"
        raise UnreadableFile(f"{path} is an Office file, but not Word's; save it as .docx.")
    if head.startswith(b"{\\rtf"):
        return "RTF"
    if head.startswith(b"\xffWPC"):
        return "WordPerfect"
    low = head.lower()
    if b'progid="word.document"' in low:
        return "Word 2003 XML"
    if low.startswith((b"<!doctype html", b"mime-version:")) or b"<html" in low:
        return "html"
    if head.startswith(b"%PDF"):
        raise UnreadableFile(f"{path} is a PDF; rename it to .pdf.")
    raise UnreadableFile(f"{path} is not a Word file; save it as .docx, or as .txt if it is text.")


def to_docx(path: Path, data: bytes, kind: Kind) -> bytes:
    """Convert a file by LibreOffice.

    Raises:
        UnreadableFile: LibreOffice is not installed, fails, or takes too long.

    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise UnreadableFile(
            f"{path} is of an old format ({kind}); install LibreOffice, or save it as .docx."
        )
    suffix, name = _FILTERS[kind]
    with tempfile.TemporaryDirectory(prefix="rag-word-", ignore_cleanup_errors=True) as folder:
        work = Path(folder)
        source, target = work / f"in{suffix}", work / "out" / "in.docx"
        source.write_bytes(data)
        profile = work / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        command = [
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nodefault",
            f"--infilter={name}",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            str(target.parent),
            str(source),
        ]
        _run(path, command, work)
        if not target.is_file():
            raise UnreadableFile(
                f"{path} could not be converted by LibreOffice; open it in Word and save it as "
                ".docx."
            )
        return target.read_bytes()


def _run(path: Path, command: list[str], home: Path) -> None:
    """Run a command to its end, or end it and all that it started."""
    environment = {
        "HOME": str(home),
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": os.environ.get("LANG", "C.UTF-8"),
        "SAL_USE_VCLPLUGIN": "svp",
    }
    with subprocess.Popen(
        command,
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=os.name == "posix",
    ) as process:
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise UnreadableFile(
                f"{path} took LibreOffice more than {_SECONDS} seconds; save it as .docx."
            ) from error
        finally:
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    if os.name == "posix":
                        os.killpg(process.pid, signal.SIGKILL)
                process.kill()
