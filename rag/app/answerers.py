"""Who answers: quotations without a model, or a model that is configured; each visitor chooses.

The choice is of the visitor's browser, in a cookie that holds a digest and no name: it
survives a reload, and what is no longer offered is not chosen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from rag.answer.models import check
from rag.app.safe import escaped, plain
from rag.app.script import COOKIE, remember
from rag.config import Settings
from rag.errors import ModelUnavailable

VERBATIM = "Verbatim quotations, no model"
_NONE = "none"


@dataclass(frozen=True, slots=True)
class Answerer:
    """Something that answers; without a name, no model does."""

    name: str  # as the settings have it; "" for quotations without a model

    @property
    def label(self) -> str:
        """For a reader: "openai: gpt-4o", or that there is no model."""
        return told(self.name)

    @property
    def short(self) -> str:
        """Where there is little room: the model, or that there is none."""
        return self.label.split(" at ")[0] if self.name else "no model"

    @property
    def mark(self) -> str:
        """What the cookie holds."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:12] if self.name else _NONE


def told(name: str | None) -> str:
    """Name an answerer for a reader: provider and model, and of a server its address."""
    provider, _, model = (name or "").partition(":")
    if provider != "openai-like":
        return f"{provider}: {model}" if name else VERBATIM
    address, _, served = model.partition("#")
    host = address.split("://")[-1].split("/")[0].rpartition("@")[2]
    return f"{served or 'default'} at {host}"


@dataclass(frozen=True, slots=True)
class Offered:
    """What may be chosen, first what answers unless something else is; and what is amiss."""

    answerers: tuple[Answerer, ...]
    trouble: tuple[str, ...] = ()  # why models that the settings name are not offered


def offered(settings: Settings) -> Offered:
    """Offer quotations, and the models of the settings that can be had."""
    models: list[Answerer] = []
    trouble: list[str] = []
    for name in dict.fromkeys((settings.llm, *settings.llm_choices)):
        if not name:
            continue
        try:
            check(name)
        except ModelUnavailable as error:
            trouble.append(str(error))
        else:
            models.append(Answerer(name))
    quotations = Answerer("")
    leads = bool(models) and models[0].name == settings.llm
    order = (*models, quotations) if leads else (quotations, *models)
    return Offered(order, tuple(trouble))


def chosen(settings: Settings) -> Answerer:
    """Who answers this visitor."""
    answerers = offered(settings).answerers
    mark = st.session_state.get("answerer") or st.context.cookies.get(COOKIE)
    return next((each for each in answerers if each.mark == mark), answerers[0])


def show_answerers(settings: Settings) -> None:
    """Draw who answers, and the choice where there is one."""
    offer = offered(settings)
    now = chosen(settings)
    with st.container(key="answerer"):
        if len(offer.answerers) > 1:
            _show_choice({each.mark: each.label for each in offer.answerers}, now)
        else:
            st.html(
                f'<div class="pp-answerer"><span class="pp-quiet">Answers by</span><br>'
                f"{escaped(now.label)}</div>"
            )
        if now.name:
            st.html(f'<div class="pp-quiet">{_TOLD}</div>')
        if offer.trouble:
            rows = "".join(f"<li>{escaped(why)}</li>" for why in offer.trouble)
            st.html(f'<div class="pp-quiet">Not offered<ul class="pp-contents">{rows}</ul></div>')
    if st.session_state.get("answerer"):
        remember(now.mark)


_TOLD = (
    "The question and the paragraphs found for it are sent to this model; what it writes is "
    "checked before it is shown."
)


def _show_choice(labels: Mapping[str, str], now: Answerer) -> None:
    st.session_state["answerer-chosen"] = now.mark
    st.radio(
        "Answers by",
        list(labels),
        key="answerer-chosen",
        format_func=lambda mark: plain(labels[str(mark)]),
        on_change=_choose,
    )


def _choose() -> None:
    st.session_state["answerer"] = st.session_state["answerer-chosen"]
