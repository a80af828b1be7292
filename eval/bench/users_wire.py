"""A visitor without a browser: what the app sends over its websocket, and when.

Speaks as Streamlit's own page does: it runs the script, types into the box for questions, and
reads the elements that come. Only on this machine.
"""

from __future__ import annotations

import asyncio
import html
import random
import re
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from eval.bench.app import Seen

_WAIT = 60.0  # seconds for one message
_QUESTION = re.compile(r'class="pp-question"[^>]*>(.*?)</div>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Visitor:
    """What one visitor asked, saw and waited for."""

    asked: tuple[str, ...]
    shown: tuple[str, ...]  # the questions that stand in their page at the end
    waited: tuple[Seen, ...]
    errors: tuple[str, ...]


class _Line:
    """A connection to the app, and what its script has said of itself."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self.box = ""  # id of the box for questions
        self.page = ""
        self.errors: list[str] = []

    async def run(self, question: str | None = None) -> AsyncIterator[str]:
        """Run the script, with a question typed or none; gives each piece of HTML that comes."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        sent = BackMsg()
        sent.rerun_script.query_string = ""
        if question is not None:
            sent.rerun_script.page_script_hash = self.page
            typed = sent.rerun_script.widget_states.widgets.add()
            typed.id = self.box
            typed.chat_input_value.data = question
        await self._socket.send(sent.SerializeToString())
        begun = False
        while True:
            told = ForwardMsg()
            told.ParseFromString(await asyncio.wait_for(self._socket.recv(), _WAIT))
            kind = told.WhichOneof("type")
            if kind == "new_session":
                begun, self.page = True, told.new_session.page_script_hash
            elif kind == "script_finished" and begun:
                return
            elif kind == "delta":
                element = told.delta.new_element
                what = element.WhichOneof("type")
                if what == "chat_input":
                    self.box = element.chat_input.id
                elif what == "html":
                    yield element.html.body
                elif what in ("exception", "alert"):
                    self.errors.append(str(getattr(element, what))[:200])


async def _ask(line: _Line, question: str) -> tuple[Seen, tuple[str, ...]]:
    """Ask; gives when what came, and the questions that stood in the page."""
    begun = time.perf_counter()
    seen: dict[str, float] = {}
    shown: list[str] = []

    async for piece in line.run(question):
        now = round((time.perf_counter() - begun) * 1000, 1)
        if found := _QUESTION.search(piece):
            shown.append(" ".join(html.unescape(found[1]).split()))
        elif shown and shown[-1] == question:  # earlier answers come before it
            if "pp-coming" in piece or "pp-foot" in piece:
                seen.setdefault("searched", now)
            if "pp-claim" in piece or "pp-silence" in piece:
                seen.setdefault("first", now)
            if "pp-foot" in piece:
                seen.setdefault("whole", now)
    return Seen(*(seen[name] for name in Seen.__slots__)), tuple(shown)


async def _visit(
    address: str, questions: Sequence[str], reading: random.Random | None, ready: asyncio.Barrier
) -> Visitor:
    from websockets.asyncio.client import connect

    url = address.replace("http://", "ws://") + "/_stcore/stream"
    waited: list[Seen] = []
    shown: tuple[str, ...] = ()
    async with connect(url, origin=None, max_size=None, proxy=None) as socket:
        line = _Line(socket)
        async for _ in line.run():
            pass
        await ready.wait()
        for question in questions:
            if reading is None:
                await ready.wait()
            else:
                await asyncio.sleep(reading.uniform(1.0, 5.0))
            seen, shown = await _ask(line, question)
            waited.append(seen)
    return Visitor(tuple(questions), shown, tuple(waited), tuple(line.errors))


async def on_the_wire(
    address: str, shares: Sequence[Sequence[str]], together: bool
) -> tuple[Visitor, ...]:
    """Let visitors ask, each their share of the questions, all in the same moments or not."""
    ready = asyncio.Barrier(len(shares))
    visits = [
        _visit(address, share, None if together else random.Random(n), ready)
        for n, share in enumerate(shares)
    ]
    return tuple(await asyncio.gather(*visits))
