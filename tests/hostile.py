"""A record written to do harm: markup, scripts and signs of every kind in every field."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from rag.domain import AgendaItem, Document, Event, Footnote, Heading, Note, Paragraph, Turn
from tests.marked import marked_record

NAME = "CCLP/C/SR.666"
# What each is: text that would do something if a page took it for more than text.
PIECES = {
    "script": "<script>window.taken=1</script>",
    "image": '<img src="http://evil.example/x.png" onerror="window.taken=1">',
    "drawing": "<svg/onload=window.taken=1>",
    "frame": '<iframe src="javascript:parent.taken=1"></iframe>',
    "ends": "</div></style></textarea><b>bold</b>",
    "attribute": "\" onmouseover='window.taken=1' x=\"",
    "link": "[press here](javascript:window.taken=1)",
    "picture": "![seen](http://evil.example/y.png)",
    "address": "www.evil.example and http://evil.example/z",
    "markdown": "**bold** _slant_ `code` ~~gone~~ # head > said",
    "math": "$E=mc^2$ and $$x_1$$",
    "emoji": ":smile: :material/home: :red[alarm] :blue-badge[new]",
    "colours": "\x1b[31mred\x1b[0m",
    "entities": "&lt;i&gt; &#60;u&#62; &amp;amp; &nbsp;",
    "backwards": "\u202eedisni\u202c",
    "template": "{{7*7}} ${7*7} {% raw %}",
    "long": "W" * 400,
}
# A thing of which the paragraph with each piece tells how many there are.
THINGS = dict(
    zip(
        PIECES,
        "barges lanterns anchors pulleys granaries wells ladders buoys sluices kilns looms "
        "beehives quarries windmills orchards tolls ropewalks".split(),
        strict=True,
    )
)


def question(name: str) -> str:
    """Ask for what the paragraph with that piece tells."""
    return f"How many {THINGS[name]} did the harbour of Alderby own?"


def hostile_record() -> Document:
    """Every piece in a paragraph of its own, and all of them in every other field."""
    every = " ".join(text for name, text in PIECES.items() if name != "long")
    paragraphs: list[Paragraph] = []
    for ordinal, (name, piece) in enumerate(PIECES.items()):
        text = f"The harbour of Alderby owned {ordinal + 41} {THINGS[name]} {piece} in 2023."
        turn = Turn(f"Ms. Bell {piece}", "delegation", f"Maravia {piece}", ordinal, ordinal)
        paragraphs.append(
            Paragraph(
                NAME, str(ordinal + 1), ordinal, text, 0, len(text), page=1,
                heading=f"Harbours {piece}", turn=turn,
            )
        )  # fmt: skip
    return replace(
        marked_record(),
        id=NAME,
        symbol=NAME,
        title=f"Summary record {every}",
        kind="summary record",
        body=f"Committee on Harbours {every}",
        session=f"Second session {every}",
        held_on=date(2024, 3, 5),
        place=f"Valmont {every}",
        chair=f"Ms. Oyelaran {every}",
        state=f"Maravia {every}",
        source=Path(f"{PIECES['drawing'].replace('/', ' ')} $x$ :smile: [a](b).pdf"),
        sha256="666",
        text="\n".join(paragraph.text for paragraph in paragraphs),
        paragraphs=tuple(paragraphs),
        headings=tuple(
            Heading(f"Harbours {piece}", str(number), (f"CCLP/C/MRV/3 {piece}",))
            for number, piece in enumerate(PIECES.values(), start=1)
        ),
        events=(Event(f"The meeting rose {every}", "3"),),
        notes=(Note(f"number {PIECES['image']}", PIECES["script"], every),),
        footnotes=(Footnote(PIECES["script"][:8], every, 1),),
        agenda=(AgendaItem(PIECES["script"][:8], every, (PIECES["image"],)),),
        reissue="*",
    )


def hostile_result() -> str:
    """A stored result of a suite of records, of which every text is hostile."""
    figure = {"value": 0.5, "low": 0.25, "high": 0.75, "n": 2}
    items = [
        {
            "id": f"item {piece}", "document": f"CCLP {piece[:60]}", "due": piece, "got": piece,
            "scores": {"label": float(number % 2)}, "right": bool(number % 2), "mark": "",
        }
        for number, piece in enumerate(PIECES.values())
    ]  # fmt: skip
    return json.dumps(
        {
            "suite": "records", "gold_sha256": PIECES["script"], "limit": None,
            "started": "2026-11-28T12:00:00+00:00", "seconds": 1.0, "commit": None,
            "versions": {PIECES["image"]: PIECES["script"]},
            "told": {"label": PIECES["image"]}, "bars": {"label": 0.9},
            "figures": {"overall": {"label": figure}}, "items": items,
        }
    )  # fmt: skip
