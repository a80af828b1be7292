"""Places in records ↔ addresses: `read?cite=CCPR/C/SR.3272%2325`, and the official document's.

A link is relative, so that it holds wherever the app is served; what is copied is made
whole by the browser, which alone knows the address.
"""

from __future__ import annotations

from urllib.parse import quote

from rag.app.safe import escaped
from rag.app.state import link_to
from rag.domain import Citation, Document

_OFFICIAL = "https://undocs.org/"


def href(citation: Citation) -> str:
    """Give the address of the reading page at a citation."""
    return "read?cite=" + quote(link_to(citation), safe="/:,")


def link(citation: Citation, text: str) -> str:
    """Write a link to the reading page as HTML; followed without loading the app again."""
    return f'<a class="pp-in" href="{escaped(href(citation))}" target="_self">{escaped(text)}</a>'


def official(document: Document) -> str:
    """Write a link to the official document as HTML; empty where there is no symbol.

    Nothing is asked of the network before it is clicked, and the site is not told from where.
    """
    if not document.symbol:
        return ""
    address = _OFFICIAL + quote(document.symbol, safe="/()")
    return (
        f'<a class="pp-official" href="{escaped(address)}" target="_blank" '
        f'rel="noopener noreferrer">Official document <span aria-hidden="true">↗</span>'
        f'<span class="pp-unseen">{escaped(document.symbol)} at undocs.org, opens a new tab</span>'
        "</a>"
    )
