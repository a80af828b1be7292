"""What stands in brackets behind a speaker's name → role and delegation."""

from __future__ import annotations

import re

from rag.domain import Role
from rag.parse.states import is_organisation, state_named, states_in

# Officers whom records name by their office alone: "The Secretary of the Committee said".
OFFICES = (
    r"Secretary(?: of the (?:Committee|Council|Commission|Conference))?|Secretary-General|"
    r"(?:United Nations )?(?:Deputy |Assistant )?High Commissioner(?: for Human Rights)?|"
    r"Under-Secretary-General(?: for [A-Z]\w+(?: \w+){0,4})?|Legal Counsel|Rapporteur|"
    r"(?:Country |Special )Rapporteur"
)
_SECRETARIAT = re.compile(
    r"\b(?:Secretar(?:y|iat)|Office of the (?:United Nations )?High Commissioner for Human Rights|"
    r"OHCHR|(?:Deputy |Assistant )?High Commissioner(?: for Human Rights)?$|Under-Secretary|"
    r"Assistant Secretary|Legal (?:Counsel|Office)|(?:Office|Division|Department|Centre) (?:of|for) "
    r"(?:Legal Affairs|Conference|Programme Planning|Human Rights|the Advancement of Women)|"
    r"(?:Human Rights )?Treaties (?:Division|Branch)|Petitions)",
)
_OBSERVER = re.compile(
    r"\b(?:[Oo]bserver|NGO|UNICEF|UNHCR|UNESCO|UNDP|UNFPA|UN-?Women|World Health Organization|WHO|"
    r"International Labour Organi[sz]ation|ILO|FAO|UNAIDS|Amnesty International|Human Rights Watch|"
    r"National Human Rights (?:Commission|Institution)|Ombuds(?:man|person)|civil society|"
    r"[Ii]ndependent [Ee]xpert|Special Representative|World Bank|International Committee of the "
    r"Red Cross|ICRC)\b"
)
_GUEST = re.compile(r"\bSpecial Rapporteur\b")
_OFFICE = re.compile(
    r"\b(?:Rapporteur|Chair(?:person|man|woman)?|Vice-Chair|Member|Coordinator|Co-Rapporteur|"
    r"Special Rapporteur (?:for|on) (?:follow|[Ff]ollow|new)|Task Force|Working Group|speaking)\b"
)
_ASIDE = re.compile(
    r"^(?:spoke|speaking|translated|interpretation|in|via|through|continued|resumed|by)\b"
)
_BODY = re.compile(
    r"\b(?:Organi[sz]ation|Commission|Committee|Federation|Union|Fund|Programme|Council|Institute|"
    r"Association|Network|Foundation|Cent(?:re|er)|Society|League|Bank|Agency|International|"
    r"Assembly|Court|Group|Coalition|Alliance|Initiative)\b"
)


def role_of(paren: str | None) -> tuple[Role, str | None]:
    """Role and delegation by what stands behind a name: "Kazakhstan", "Rapporteur", None.

    The delegation is the UN short form of the State where it is one.
    """
    if paren is None or _ASIDE.match(paren):
        return "member", None
    name = state_named(paren)
    if name is not None:
        return ("observer" if is_organisation(name) else "delegation"), name
    if _OBSERVER.search(paren):
        return "observer", _only_state(paren)
    if _SECRETARIAT.search(paren):
        return "secretariat", None
    if _OFFICE.search(paren):
        guest = _GUEST.search(paren) and not re.search(r"(?i)follow|new communications", paren)
        return ("observer" if guest else "member"), None
    found = states_in(paren)  # "Finland, on behalf of the European Union"
    if found and found[0][0] <= len("the "):
        return ("observer" if is_organisation(found[0][2]) else "delegation"), found[0][2]
    return ("observer", None) if _BODY.search(paren) else ("delegation", paren)


def role_of_body(body: str) -> tuple[Role, str | None]:
    """Role and delegation of whoever is "the representative of" a body or State."""
    return role_of(re.sub(r"^the ", "", body.strip()))


def _only_state(text: str) -> str | None:
    found = states_in(text)
    return found[0][2] if found else None
