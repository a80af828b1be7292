"""A real local server that speaks OpenAI's chat completions, and a small record to ask about.

It says what it is told to say: a model that is right, wrong, slow, broken or silent.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from llama_index.core.llms import LLM

from rag.answer.calls import Patience
from rag.answer.generate import generate
from rag.answer.models import model_named
from rag.answer.quote import Draft
from rag.answer.verify import verify
from rag.domain import Claim, Paragraph, Passage, Role, Turn
from rag.query import understand

pytest.importorskip(
    "llama_index.llms.openai_like",
    reason="not installed; run: pip install 'pinpoint-record[openai-like]'",
)

QUESTION = understand("How many police officers were convicted?")
SR = "CCLP/C/SR.412"


def passage(
    label: str, text: str, speaker: str | None, role: Role, delegation: str | None = None
) -> Passage:
    turn = Turn(speaker, role, delegation, 0, 0) if speaker else None
    heading = "Prohibition of torture (art. 9)"
    paragraph = Paragraph(SR, label, 0, text, 0, len(text), heading=heading, turn=turn)
    return Passage(paragraph, 0.9, "both")


ASKED = passage(
    "21",
    "Mr. Dunmore asked whether it was true that 300 officers had been convicted of torture.",
    "Mr. Dunmore",
    "member",
)
REPLIED = passage(
    "22",
    "Ms. Doukaris (Maravia) said that 1,282 complaints had led to the conviction of 11 police\n"
    "officers, who had been dismissed.",
    "Ms. Doukaris",
    "delegation",
    "Maravia",
)
INVITED = passage("23", "The Chair invited further questions.", "The Chair", "chair")
PASSAGES = [REPLIED, ASKED, INVITED]
GOOD = {
    "statement": "Ms. Doukaris said that 11 police officers had been convicted.",
    "citation": f"{SR}, para. 22",
    "quotation": "the conviction of 11 police officers",
    "speaker": "Ms. Doukaris",
}


class Server:
    """Answers each request with the next of `replies`, the last one for ever.

    A reply is the model's text; or a status, a type, a body and perhaps headers; or seconds
    to keep silent. Text is streamed where that is asked for, in pieces of `piece` letters.
    """

    piece = 7
    pause = 0.0  # seconds between two pieces
    usage: dict[str, int] | None = None  # what it says that a reply took
    breaks_after: int | None = None  # pieces after which a stream breaks off

    def __init__(self) -> None:
        self.replies: list[str | tuple[Any, ...] | float] = []
        self.received: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.done = threading.Event()
        self.sent = 0  # pieces streamed so far
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                fake.received.append({"path": self.path, **json.loads(body)})
                fake.headers.append({k.lower(): v for k, v in self.headers.items()})
                at = min(len(fake.received), len(fake.replies)) - 1
                reply = fake.replies[at]
                if isinstance(reply, float):
                    fake.done.wait(reply)
                    return
                if isinstance(reply, str) and fake.received[-1].get("stream"):
                    self.stream(reply)
                    return
                if isinstance(reply, str):
                    reply = (200, "application/json", completion(reply, fake.usage))
                status, kind, text, *more = reply
                data = text.encode()
                self.send_response(status)
                for name, value in (more[0] if more else {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def stream(self, text: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                pieces = [text[at : at + fake.piece] for at in range(0, len(text), fake.piece)]
                for number, piece in enumerate(pieces):
                    if number == fake.breaks_after:
                        self.wfile.write(b"data: {broken\n\n")
                        return
                    self.event({"choices": [{"index": 0, "delta": {"content": piece}}]})
                    fake.sent += 1
                    fake.done.wait(fake.pause)
                if fake.usage:
                    self.event({"choices": [], "usage": fake.usage})
                self.wfile.write(b"data: [DONE]\n\n")

            def event(self, data: dict[str, Any]) -> None:
                chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "f"}
                self.wfile.write(f"data: {json.dumps(chunk | data)}\n\n".encode())
                self.wfile.flush()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/v1"

    @property
    def prompt(self) -> str:
        """What the model was last shown, without the instructions."""
        return self.received[-1]["messages"][-1]["content"]


def completion(text: str, usage: dict[str, int] | None = None) -> str:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    reply = {"id": "1", "object": "chat.completion", "created": 1, "model": "fake"}
    return json.dumps({**reply, "choices": [choice], **({"usage": usage} if usage else {})})


@pytest.fixture
def server() -> Iterator[Server]:
    fake = Server()
    thread = threading.Thread(target=fake.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield fake
    fake.done.set()
    fake.http.shutdown()
    fake.http.server_close()
    thread.join()


QUICK = Patience(total=10.0, tries=3, pause=0.01, longest=0.02)


def ask(server: Server, *replies: Any, passages: list[Passage] = PASSAGES, **more: Any) -> Draft:
    server.replies = list(replies)
    llm = model(server, timeout=more.pop("timeout", 20.0))
    more = {"patience": QUICK, **more}
    return generate(more.pop("query", QUESTION), passages, llm=llm, **more)


def model(server: Server, *, timeout: float = 20.0) -> LLM:
    return model_named(f"openai-like:{server.url}#small", timeout=timeout)


def written(*claims: dict[str, Any]) -> str:
    return json.dumps({"claims": list(claims)})


def checked(draft: Draft) -> list[Claim]:
    given = [p.paragraph for p in draft.passages]
    return [verify(claim, given) for claim in draft.claims]
