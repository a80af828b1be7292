"""`rag app`: the server of the app, on this machine only, and a browser window on it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from pathlib import Path
from subprocess import Popen

from rag.app import ENTRY
from rag.errors import BadInput


def serve(index: Path | None, port: int, *, browser: bool) -> int:
    """Run the server until it ends, and give its exit status.

    Args:
        index: folder of the index, where the command line names one.
        port: the one that is wanted; the next free one is taken.
        browser: whether to open a window as soon as the server answers.

    Raises:
        BadInput: no port is free.

    """
    if index is not None:
        os.environ["RAG_INDEX"] = str(index)
    port = _free_port(port)
    # Headless, because otherwise a first start asks for an e-mail address and waits.
    command = [
        sys.executable, "-m", "streamlit", "run", str(ENTRY),
        "--server.port", str(port), "--server.address", "localhost",
        "--server.headless", "true", "--browser.gatherUsageStats", "false",
    ]  # fmt: skip

    def end(*_: object) -> None:
        sys.exit(143)

    signal.signal(signal.SIGTERM, end)  # so that the server ends as well
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        if browser and _answers(port, process):
            webbrowser.open(f"http://localhost:{port}")
        return process.wait()
    finally:
        process.terminate()


def _free_port(wanted: int) -> int:
    """The port wanted, or the next one that nothing listens on.

    Raises:
        BadInput: the next twenty are taken as well.

    """
    for port in range(wanted, wanted + 20):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise BadInput(f"Ports {wanted} to {wanted + 19} are taken; choose another with --port.")


def _answers(port: int, process: Popen[bytes]) -> bool:
    """Wait until a server answers, at most half a minute, or has ended."""
    for _ in range(150):
        if process.poll() is not None:
            return False
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.2)
    return False
