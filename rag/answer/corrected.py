"""A paragraph → whether it corrects what was said before on a subject.

"He must first correct a figure that he had given", "230 places, not 320 as he had stated": who
asks whether a figure was corrected later wants such words, and not what speaks of the subject.
"""

from __future__ import annotations

import re

from rag.answer.back import content
from rag.sentences import sentences

_CORRECTS = re.compile(
    r"\b(?:correct(?:ed|ing|ions?)|corrigend(?:um|a)|errat(?:um|a)|err(?:ed|or|oneous(?:ly)?)"
    r"|mistak(?:e|en|enly)|incorrect(?:ly)?|mis(?:stated|spoken|spoke|quoted)|rectif\w+|inadvertent(?:ly)?"
    r"|transpos\w+)\b"
    r"|\bto correct\b|\bmust (?:\w+ )?correct\b|\bthe (?:correct|right) (?:figures?|numbers?|dates?|names?)\b"
    r"|\bnot \d[\d.,]*(?: per cent)?,? as\b|\b(?:instead of|rather than) \d"
    r"|\b(?:revised|amended|updated) (?:figures?|numbers?|dates?|data|statistics)\b",
    re.IGNORECASE,
)
_SHARED = 2  # words of the subject that the sentence, or one beside it, must hold


def corrects(text: str, subject: str) -> bool:
    """Whether a text corrects something, and speaks of the subject there.

    Args:
        text: of a paragraph.
        subject: a question on the subject.

    """
    found = [text[start:end] for start, end in sentences(text)]
    wanted = _stems(subject)
    for at, one in enumerate(found):
        if _CORRECTS.search(one):
            near = " ".join(found[max(0, at - 1) : at + 2])
            held = wanted & _stems(near)
            if len(held) >= min(_SHARED, len(wanted)):
                return True
    return False


def _stems(text: str) -> set[str]:
    return {word.casefold()[:5] for word in content(text)}
