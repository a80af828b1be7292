"""What a page cannot do without a script. The texts are constant: no document gets into them."""

from __future__ import annotations

import re

import streamlit as st

COOKIE = "pinpoint-answerer"

# The pane shows two paragraphs before the cited one; on a phone they fill it.
_REVEAL = """
setTimeout(() => {
  const pane = document.querySelector(".st-key-pane-body");
  const here = pane && pane.querySelector(".pp-here");
  if (!here) return;
  const scroller = pane.parentElement;
  const target = here.querySelector("mark") || here;
  const distance = target.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  scroller.scrollTop += distance - scroller.clientHeight * 0.28;
}, 60);
"""
# An answer is read from its question on; Streamlit alone would scroll to the end of it.
_NEWEST = """
for (const wait of [60, 250, 600, 1000]) setTimeout(() => {
  const questions = document.querySelectorAll(".pp-question");
  if (questions.length) questions[questions.length - 1].scrollIntoView({ block: "start" });
}, wait);
"""
# A browser keeps what follows "#" to itself, so ?cite=SYMBOL#25 arrives as ?cite=SYMBOL.
_SEND_FRAGMENT = """
if (location.hash.length > 1) {
  const url = new URL(location.href);
  const where = decodeURIComponent(url.hash);
  url.hash = "";
  url.searchParams.set("cite", url.searchParams.get("cite") + where);
  location.replace(url);
}
"""
# Links between pages go the way that the browser's own "back" does: the visit goes on. What is
# copied is text of an attribute; without the clipboard's new interface, the old one is used.
_LISTEN = """
if (!window.ppListening) {
  window.ppListening = true;
  const copy = async (text) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  };
  document.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!event.target.closest) return;
    const link = event.target.closest("a.pp-in");
    if (link) {
      event.preventDefault();
      history.pushState({}, "", link.href);
      dispatchEvent(new PopStateEvent("popstate"));
      return;
    }
    const button = event.target.closest("button.pp-copy");
    if (!button) return;
    const { copy: words, link: to } = button.dataset;
    copy(to ? new URL(to, location.href).href : words).then(() => {
      button.classList.add("pp-copied");
      setTimeout(() => button.classList.remove("pp-copied"), 1600);
    });
  });
}
"""
_SHOW_HERE = """
for (const wait of [80, 350]) setTimeout(() => {
  const here = document.querySelector(".st-key-reading .pp-here");
  if (!here) return;
  const mark = here.querySelector("mark");
  const far = mark && mark.offsetTop - here.offsetTop > innerHeight * 0.5;
  (far ? mark : here).scrollIntoView({ block: far ? "center" : "start" });
}, wait);
"""


def listen() -> None:
    """Let links between pages and buttons that copy work; once for a visit."""
    _run(_LISTEN)


def show_here(turn: int) -> None:
    """Scroll the reading page to its paragraph; once for each `turn`."""
    _run(f"/* {turn:d} */{_SHOW_HERE}")


def reveal(turn: int) -> None:
    """Scroll the reading pane to its paragraph; once for each `turn`."""
    _run(f"/* {turn:d} */{_REVEAL}")


def show_newest(turn: int) -> None:
    """Scroll the conversation to its last question; once for each `turn`."""
    _run(f"/* {turn:d} */{_NEWEST}")


def remember(mark: str) -> None:
    """Keep in the visitor's browser who answers, for a year; once for each choice.

    Args:
        mark: small letters and figures, which are the only text here that is not constant.

    """
    if re.fullmatch(r"[a-z0-9]{1,16}", mark):
        kept = "path=/; max-age=31536000; samesite=strict"
        _run(f'document.cookie = "{COOKIE}={mark}; {kept}";')


def send_fragment() -> None:
    """Load the page again with what follows `#` as a part of `?cite=`."""
    _run(_SEND_FRAGMENT)


def _run(script: str) -> None:
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
