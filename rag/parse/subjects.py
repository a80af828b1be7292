"""A sentence of an interactive dialogue → the State or delegation that speaks in it.

"Morocco welcomed …", "In response to France, the delegation stated …", "While noting
progress, Senegal stressed …". The subject stands at the sentence's beginning or
behind a clause that leads to it; a State that is only mentioned does not speak.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.domain import Role
from rag.parse.floor import Floor
from rag.parse.states import is_organisation, state_named, states_in

_VERBS = frozenset(
    """accepted acknowledged acknowleged added addressed admired admitted advised advocated affirmed agreed aligned
    announced answered apologized appealed applauded appreciated argued asked asserted assured
    attached attributed believed called cautioned cited claimed clarified commended commented committed
    concluded concurred condemned confirmed congratulated considered conveyed declared
    deplored described desired detailed disagreed discussed drew echoed elaborated emphasised emphasized
    encouraged endorsed enquired expected explained expressed extended feared felt focused
    gave hailed highlighted hoped identified illustrated indicated informed inquired insisted invited
    introduced joined knew lauded learned learnt lamented looked made maintained mentioned noted
    noticed objected observed offered opined outlined paid pointed posed praised
    presented proceeded proposed provided put queried questioned raised read reaffirmed recalled received
    recognised recognized recommended recorded referenced referred reflected regretted reinforced
    reiterated rejected remained remarked reminded repeated replied reported requested responded restated said saluted sought shared showed signalled spoke started stated stressed
    subscribed submitted suggested supported thanked took touched underlined underscored understood
    undertook urged valued viewed voiced wanted warned welcomed wished wondered worried wrote""".split()
)
# Verbs that say of the State under review that it answers, whoever spoke before.
_ANSWERS = frozenset("answered replied responded".split())
# What these say depends on what follows: "made recommendations", "made progress".
_LIGHT = frozenset("made took provided received gave put showed drew proceeded started".split())
_ADVERB = (
    r"(?:also|very much|too|then|further|furthermore|finally|lastly|again|however|therefore|moreover|"
    r"additionally|likewise|still|nevertheless|nonetheless|first|in particular|in addition|"
    r"in conclusion|in response|in reply|in turn|once again|[a-z]{3,}ly)"
)
_AFTER = re.compile(rf"^,? ?(?:{_ADVERB},? ){{0,3}}(?P<verb>[a-z]+)\b(?P<rest> [a-z]+)?")
_FELT = re.compile(
    r"^,? ?(?:(?:also|too|still|therefore|however|nevertheless|[a-z]{3,}ly) )*(?:was|were|is|remained|felt) "
    r"(?:(?:also|still|further|not|most|very|particularly|[a-z]{3,}ly) )*(?:concerned|pleased|grateful|glad|happy|"
    r"interested|alarmed|convinced|encouraged|disappointed|worried|impressed|aware|confident|"
    r"gratified|heartened|struck|troubled|deeply|of the (?:view|opinion)|keen|curious|hopeful|"
    r"appreciative|preoccupied|surprised|honou?red|committed to|delighted|mindful|conscious|"
    r"satisfied|proud|satisfied)\b"
)
_LEAD = re.compile(
    r"^(?:On|In|With|As|Addressing|While|Whilst|Noting|Regarding|Referring|Concerning|Having|Recalling|"
    r"Welcoming|Responding|Replying|Answering|Turning|Finally|Lastly|Moreover|Furthermore|Further|"
    r"Also|Additionally|Speaking|Acknowledging|Recognizing|Recognising|Commending|Taking|Given|"
    r"Although|Though|Despite|Following|After|At|By|To|For|From|Expressing|Appreciating|Citing|"
    r"Emphasizing|Highlighting|Stressing|Considering|Conscious|Aware|Concerned|Pleased|Bearing|"
    r"Because|Since|Due|Like|Through|Under|However|Nevertheless|Nonetheless|Thus|Therefore|"
    r"First(?:ly)?|Second(?:ly)?|Third(?:ly)?|Subsequently|Similarly|Likewise|Quoting|Touching|"
    r"Encouraged|Mindful|Sharing|Drawing|Underlining|Observing|Mentioning|Thanking|Praising|"
    r"Congratulating|Supporting|Specifically|Apart|Besides|Among|During|Along|Once|Indeed|When)\b"
)
_RESPONSE = re.compile(
    r"^(?:In (?:its |his |her |their |the )?(?:response|reply|answer|replies|responses)|Responding|"
    r"Replying|Answering|While responding|While replying)\b"
)
_OF = (
    r"(?: (?:of|for|from) (?:the )?(?P<of>[A-Z][^,.;]{2,100}?)"
    r"(?=,| (?!of\b|for\b|from\b|and\b|the\b|to\b|in\b|on\b|at\b|de\b)[a-z]))?"
)
_ASKED = re.compile(
    r"^(?:On|Regarding|Concerning|With (?:regard|respect|reference) to|In relation to|As for|As to|"
    r"In (?:response|reply|answer) to|Responding to|Replying to|Addressing|Turning to) (?:the |a )?"
    r"(?:additional |specific |other |recent )?(?:questions?|recommendations?|concerns?|comments?|remarks?|issues? raised)\b"
)
_DELEGATION = re.compile(
    r"(?P<name>[Tt]he (?:[Hh]ead of (?:the |its |(?P<possessor>[A-Z]\w+)['’]s )?)?"
    r"(?:(?P<people>[A-Z]\w+) )?(?:(?:high-level|official|national|[Hh]ead of) )*"
    r"(?:[Dd]elegation|[Dd]elegates?|Government|authorities|[Rr]epresentatives?|State under review)"
    rf"{_OF})"
)
# Officers of the State; those of the United Nations speak in no dialogue.
_OFFICER = re.compile(
    r"(?P<name>[Tt]he (?!Special Rep|High Comm|Deputy High|United Nations|Secretary-General of the "
    r"United|Human Rights Comm)(?:[A-Z][\w\-]+ (?:(?:of|for|and|on) )?){0,4}?(?:Minister|"
    r"Secretary(?:-General)?|Commissioner|Ambassador|Permanent Representative|Attorney[- ]General|"
    r"Prosecutor(?:[- ]General)?|Ombudsman|Chancellor|Director(?:-General)?|Vice[- ]President)"
    rf"{_OF}(?: to the United Nations(?: Office)?(?: (?:at|in) [A-Z]\w+)?)?)"
)
_TITLED = r"(?:H\. ?E\.|Her Excellency|His Excellency|Mr\.|Mrs\.|Ms\.|Dr\.)"
_PERSON = re.compile(
    r"(?P<name>(?:(?:H\. ?E\.|Her Excellency|His Excellency|Hon\.|the Hono[u]?rable),? )?(?:the )?"
    r"(?:Mr|Mrs|Ms|Dr|Prof|Sir|Dame|Minister|Ambassador|Judge|Madam|Honou?rable)\.? "
    r"(?:(?:[A-Z]\.|[A-ZÀ-Ž][\w'’\-]+|de|da|do|dos|del|la|e|bin|al|el|van|von) ?){1,7}(?<! ))"
    r"(?: (?:of|from) (?:the )?(?:[A-Z]\w+ )?delegation)?"
)
_UNTITLED = re.compile(r"(?P<name>(?:[A-ZÀ-Ž][\w'’\-]+ ){1,3}[A-ZÀ-Ž][\w'’\-]+)(?=, )")
_POST = re.compile(
    r"^, (?:the |a )?(?:\w+ )*(?:Minister|Ambassador|Secretary|Head|Director|Commissioner|Deputy|"
    r"Attorney|Representative|President|Ombudsman|Chair|Under-Secretary|Vice)\b"
)
# These need no comma before them: "On religious beliefs the delegation noted".
_OURS = r"the (?:delegation|Minister|Head of|head of|representative|Permanent Representative)\b"
_CHAIR = re.compile(r"(?P<name>The (?:Vice-)?(?:President|Chair(?:person)?))(?= )")
_NOBODY = re.compile(
    r"^(?:(?:During|In) the (?:ensuing |course of the )?(?:interactive )?(?:dialogue|discussion)\b|"
    r"(?:A|The) (?:large |great |significant )?(?:number|majority) of (?:delegations|States|countries|speakers)|"
    r"(?:Several|Many|Numerous|Some|Most|All|Other|Various|The following|These|Those) "
    r"(?:delegations|States|countries|speakers|recommendations|conclusions)|"
    r"Delegations |Additional statements|Statements |Recommendations |The recommendations|"
    r"All conclusions|The response of)"
)
_CLAUSE = re.compile(r"^ (?:while|whilst|noting|referring|recalling|welcoming|having|taking|in)\b")
# A post without a comma behind it: "Ambassador of China to the Council made a statement".
_UNSTOPPED = re.compile(
    r"^, [^.;:]{5,220}? (?:made (?:a|an|his|her|the)\b|introduced|presented|delivered|stated|said|"
    r"stressed|noted|emphasi[sz]ed|explained|expressed|referred|highlighted|underlined|recalled)\b"
)
_CLAUSES = 5
_REACH = 420


@dataclass(frozen=True, slots=True)
class Review:
    """What the report is about."""

    state: str | None  # the State under review
    printed: str | None = None  # its name as the report prints it

    def is_people(self, adjective: str) -> bool:
        """Whether "Brazilian" is said of the State under review."""
        if self.state is None:
            return False
        shared = 2 if self.state == "France" else 3  # "French"; "Kazakh", "Peruvian"
        return adjective[:shared].casefold() == self.state[:shared].casefold()


def names_nobody(text: str) -> bool:
    """Whether a paragraph tells of the dialogue without a speaker: "Several delegations …"."""
    return bool(_NOBODY.match(text))


def speaks(
    sentence: str, review: Review, *, current: Floor | None, own: bool, opens: bool
) -> Floor | None:
    """Say who speaks in a sentence, None if it names nobody.

    Args:
        sentence: one sentence of the paragraph.
        review: the State under review.
        current: who has spoken so far in the paragraph.
        own: in the section where the State under review presents itself.
        opens: the sentence is the paragraph's first.

    """
    for at in _subject_places(sentence):
        rest = sentence[at:]
        if not own or opens:
            floor = _state_speaks(rest)
            if floor is not None and _admits(floor, sentence, review, current, own=own):
                return floor
        floor = _delegation_speaks(rest, review, current, own=own, opens=opens)
        if floor is not None:
            return floor
    return _reviewed_replies(sentence, review) if opens and not own else None


def _reviewed_replies(sentence: str, review: Review) -> Floor | None:
    """The State under review, whatever it is said to do, at a paragraph's beginning.

    Every paragraph of a dialogue opens with who speaks; other States are told of
    "Kazakhstan's progress", and the State under review that it "has acceded" to a treaty.
    """
    asked = _ASKED.match(sentence)
    for at in [0, *(m.end() for m in re.finditer(r", ", sentence[:_REACH]) if asked)]:
        rest = sentence[at:]
        found = states_in(rest[:120])
        if found and found[0][0] <= len("the ") and found[0][2] == review.state:
            end = found[0][1]
            if re.match(
                r" (?!delegat|Govern|author|was (?:commended|praised|congratulated|asked|encouraged|urged))[a-z]",
                rest[end:],
            ):
                return Floor(_capital(rest[:end]), "delegation", review.state)
    return None


def _subject_places(sentence: str) -> list[int]:
    """Where a sentence's subject may stand: first, or behind a leading clause's comma."""
    places = [0]
    if _LEAD.match(sentence):
        places += [m.end() for m in re.finditer(rf", | (?={_OURS})", sentence[:_REACH])]
        first = re.match(
            r"^(?:Finally|Lastly|Furthermore|Moreover|However|Also|Further) ", sentence
        )
        places += [first.end()] if first else []
    # "The head of delegation, Ms. X, said"
    places += [m.end() for m in re.finditer(rf", (?={_TITLED})", sentence[:250])]
    return sorted(set(places))


def _state_speaks(rest: str) -> Floor | None:
    """A State, or several, with a verb of speech."""
    window = rest[:200]
    lead = re.match(
        r"(?P<who>[Tt]he (?:representatives?|delegations?|delegates?|observers?|Ambassador|Government) "
        r"(?:of|for|from) )?(?:the |The )?",
        window,
    )
    skip = lead.end() if lead else 0
    found = states_in(window)
    if not found or found[0][0] > skip or found[0][0] + 4 < skip:
        return None
    group = [found[0]]
    for state in found[1:]:
        between = window[group[-1][1] : state[0]]
        if not re.fullmatch(r"(?:,| and|, and| &|, as well as) (?:the )?", between):
            break
        group.append(state)
        if "and" in between or "&" in between:
            break  # "… from Poland and the Sudan, Norway said": the list is at its end
    end = group[-1][1]
    if window[end : end + 1] in "'’-" and window[end : end + 1]:
        return None
    if _verb(rest[end:]) is None:
        return None
    printed = re.sub(r"\s+", " ", rest[:end])
    printed = printed[0].upper() + printed[1:]
    names = ", ".join(dict.fromkeys(name for _, _, name in group))
    role: Role = "observer" if all(is_organisation(n) for _, _, n in group) else "delegation"
    return Floor(printed, role, names)


def _admits(
    floor: Floor, sentence: str, review: Review, current: Floor | None, *, own: bool
) -> bool:
    """Whether the State under review may be the speaker, where others spoke before.

    "Georgia had recognized …" in the words of another State gives Georgia no voice.
    """
    if own:
        return floor.delegation == review.state
    if floor.delegation != review.state or current is None or current.delegation == review.state:
        return True
    return bool(_RESPONSE.match(sentence))


def _delegation_speaks(
    rest: str, review: Review, current: Floor | None, *, own: bool, opens: bool
) -> Floor | None:
    """Somebody of a delegation: "The delegation", "the Brazilian Government", "H.E. Mr. X"."""
    floor = Floor("", "delegation", review.state)
    other = current is not None and current.delegation != review.state
    match = _DELEGATION.match(rest)
    if match and _verb(rest[match.end() :], posts=True):
        if match["possessor"] and not review.is_people(match["possessor"]):
            return None
        people, of = match["people"], match["of"]
        of_state = state_named(of) if of else None
        if of_state and of_state != review.state:
            return replace(floor, speaker=_capital(match["name"]), delegation=of_state)
        ours = review.is_people(people) if people else True
        told = re.search(r"Government|authorities", match["name"])
        # What a Government does is told by anybody; "the delegation" may be the speaker's.
        named = people or of_state
        if ours and (named or not (told or other)) and not (told and other):
            return replace(floor, speaker=_capital(match["name"]))
    if other:
        return None
    match = _OFFICER.match(rest)
    if match and _verb(rest[match.end() :], posts=True):
        of = states_in(match["of"] or "")
        return replace(
            floor,
            speaker=_capital(match["name"]),
            delegation=of[0][2] if of else review.state,
        )
    match = _PERSON.match(rest)
    if match and _verb(rest[match.end() :], posts=True):
        return replace(floor, speaker=_capital(match["name"].strip()), bracketed=True)
    if opens or own:
        match = _UNTITLED.match(rest)
        after = rest[match.end() :] if match else ""
        if match and _POST.match(after) and _verb(after, posts=True) and not states_in(match[0]):
            return replace(floor, speaker=match["name"], bracketed=True)
        match = _CHAIR.match(rest)
        if match and not own and _verb(rest[match.end() :]):
            return Floor(match["name"], "chair", None)
    return None


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def _verb(after: str, *, posts: bool = False) -> str | None:
    """The verb of speech behind a subject, clauses between commas passed over.

    `posts`: a person's posts stand between, with capitals and commas of their own.
    """
    after = after[:_REACH]
    if after[:1] not in (" ", ","):
        return None
    if _FELT.match(after):
        return "was"
    found = _verb_at(after)
    if found or not (after.startswith(",") or _CLAUSE.match(after)):
        return found
    limit = 2 * _CLAUSES if posts else _CLAUSES
    for comma in list(re.finditer(r"(?<!^),(?= [a-z])", after))[:limit]:
        found = _verb_at(after[comma.end() :]) or (_FELT.match(after[comma.end() :]) and "was")
        if found:
            return found
    return "said" if posts and _UNSTOPPED.match(after) else None


def _past(verb: str) -> str:
    """The past of a verb in the present: some reports are written in it."""
    if verb in ("says", "takes", "gives", "makes", "draws"):
        return {"says": "said", "takes": "took", "gives": "gave", "makes": "made"}.get(verb, "drew")
    stem = verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else ""
    return next((x for x in (stem + "d", stem + "ed", stem[:-1] + "d") if x in _VERBS), verb)


def _verb_at(after: str) -> str | None:
    match = _AFTER.match(after)
    if match is None or _past(match["verb"]) not in _VERBS:
        return None
    # "Georgia made progress", "Brazil took measures" are no speech; "made recommendations" is.
    if _past(match["verb"]) in _LIGHT:
        rest = after[match.end("verb") :]
        spoken = re.match(
            r" (?:(?:a|an|the|some|several|two|three|four|further|specific|no|its|his|her|additional|"
            r"positive|special|full|due|careful|particular|number of|general|brief|introductory|opening|"
            r"following) )*(?:recommendations?|suggestions?|comments?|observations?|statements?|remarks?|note|"
            r"reference|attention|questions?|answers?|explanations?|information|clarifications?|responses?|replies|"
            r"appreciation|forward|proposals?|inquiries|requests?|pleasure|support|interest|examples?|the floor|details|overview|introduction|update|summary|account|presentation|to (?:respond|reply|answer))\b",
            rest,
        )
        return match["verb"] if spoken else None
    return match["verb"]
