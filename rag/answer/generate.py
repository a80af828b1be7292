"""Passages → claims written by a language model: an answerer that nobody has to trust.

The model sees numbered paragraphs as data and must give, for each statement, one
citation and the words it rests on. What it gives is only a `Draft`: `verify` tests
every claim against the paragraphs that were shown.

The claims are asked for as JSON in plain text, not through function calling, since
many a small model behind an OpenAI-compatible server can do no more than write text.
Anthropic's models are given the paragraphs as citable blocks: they then cite by
themselves, and the quotation is the block's own text.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Sequence

from llama_index.core.llms import LLM

from rag.answer.calls import Patience, ask, name_of
from rag.answer.prompt import prompt_for
from rag.answer.quote import Draft
from rag.answer.written import CitedReply, JsonReply
from rag.domain import Claim, Paragraph, Passage
from rag.query import Query

CITING = frozenset({"Anthropic"})  # integrations that pass on CitableBlocks, and give citations
WAITING = Patience()

Check = Callable[[Claim, Sequence[Paragraph]], Claim]

_logger = logging.getLogger(__name__)


def generate(
    query: Query,
    passages: Sequence[Passage],
    *,
    llm: LLM,
    budget: int = 6000,
    patience: Patience = WAITING,
) -> Draft:
    """Have a language model answer from the passages, in one reply.

    Arguments, result and errors are those of `writing`.
    """
    steps = writing(query, passages, llm=llm, budget=budget, patience=patience, streamed=False)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            draft: Draft = done.value
            return draft


def writing(
    query: Query,
    passages: Sequence[Passage],
    *,
    llm: LLM,
    check: Check | None = None,
    budget: int = 6000,
    patience: Patience = WAITING,
    streamed: bool = True,
) -> Generator[Claim, None, Draft]:
    """Give each claim as soon as the model has written it; the generator's value is the draft.

    A model that thinks aloud may give claims that are not in the draft: that of its last word.

    Args:
        query: the question, read.
        passages: what was retrieved, best first.
        llm: any LlamaIndex model.
        check: what a claim goes through before it is given, with the paragraphs that the
            model was shown; those of the draft have not been through it.
        budget: tokens (cl100k_base) of instructions, passages and question together;
            passages that do not fit are not shown.
        patience: how long the model is waited for.
        streamed: whether the reply is asked for piece by piece.

    Returns:
        Unchecked claims, and in `passages` only those that the model was shown. The
        confidence is 1 where there are claims, else 0: only `verify` can judge them.

    Raises:
        ModelUnavailable: the model cannot be reached, refuses or answers no protocol.

    """
    citable = type(llm).__name__ in CITING
    prompt = prompt_for(query.text, passages, budget=budget, citable=citable)
    if not prompt.shown:
        return Draft((), (), 0.0)
    given = [passage.paragraph for passage in prompt.shown]
    reply = CitedReply(prompt.shown) if citable else JsonReply(prompt.shown)
    parts = ask(llm, prompt.messages, patience=patience, streamed=streamed)
    while True:
        try:
            part = next(parts)
        except StopIteration as done:
            usage = done.value
            break
        for claim in reply.add(part):
            yield check(claim, given) if check else claim
    written = reply.whole()
    if written is None:
        _logger.warning("%s gave no claims in the form asked for.", name_of(llm))
    claims = tuple(written or ())
    return Draft(claims, prompt.shown, 1.0 if claims else 0.0, usage)
