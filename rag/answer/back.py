"""Words by which a question points back at what was asked and answered before it.

Longer than most: a table of patterns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.topic import AUXILIARY, SAYS, TITLED, YEAR

_I = re.IGNORECASE
OPENS = re.compile(
    r"^(?:(?:and what about|what about|how about|what of|and|but|so|then|also|or|ok(?:ay)?|well|now)"
    r"\b[\s,]*)+",
    _I,
)
COMPARES = re.compile(r"^(?:and )?how does (?:that|it|this) compare (?:to|with) ", _I)
SAME = re.compile(
    r"^(?:(?:the )?same(?: question| thing)?(?=,? (?:for|in|about|on|of|with)\b),? |"
    r"how does (?:that|it|this) compare (?:to|with) )",
    _I,
)
ANEW = re.compile(
    r"^(?:(?:ok|okay|fine|thanks|thank you|right|good|and|but|so|now)[\s:,.–—-]+)*"
    r"(?:(?:on |let us |let's |i )?(?:another|a different|new|different|change of|changing the|other) "
    r"(?:question|subject|matter|topic|point|thing)\b|changing (?:the )?(?:subject|topic)\b|"
    r"(?:let us |let's )?mov(?:e|ing) on(?: to (?:another|a different|something) \w+)?(?= ?[:,.–—-])|"
    r"(?:on an? unrelated (?:note|matter|point)|unrelated(?:ly)?|separately)(?= ?[:,–—-])|"
    r"something else\b(?= ?[:,–—-]))[\s:,.–—-]*",
    _I,
)
POLITE = re.compile(
    r"^(?:thanks?|thank you|hello|hi|good (?:morning|day|evening)|great|perfect|i see|understood|bye|"
    r"goodbye)\b[^?]*$",
    _I,
)
# "OK. How many …?": said of the answer; what follows is asked by itself.
SAID_OF_IT = re.compile(
    r"^(?:ok(?:ay)?|thanks?|thank you|right|great|good|perfect|i see|understood|fine|got it|interesting)\b"
    r"[^?.!]{0,30}[.!…]+\s+(?=\w)",
    _I,
)
LEADS = re.compile(
    r"^(?P<lead>in|on|for|by|from|of|among|amongst|to|at|with|under|about|against|during|since|"
    r"before|after|regarding|concerning)\b ",
    _I,
)
NEXT_YEAR = re.compile(r"\b(?:year after|following year|next year|year later)\b", _I)
YEAR_BEFORE = re.compile(r"\b(?:year before|previous year|preceding year|year earlier)\b", _I)
STEP = re.compile(
    rf"(?:in |of )?\b(?:the |that )?(?:{NEXT_YEAR.pattern}|{YEAR_BEFORE.pattern})", _I
)
_OTHER = (
    r"(?:a |any |an)?(?:different|other|another) (?:numbers?|figures?|dates?|views?|opinions?|accounts?|answers?|"
    r"versions?|explanations?|reasons?|ones?)"
)
# What is asked for stands elsewhere than what was cited.
ELSE = re.compile(
    r"\b(?:else|apart from that|besides that|other than that|correct(?:ed|s|ion)|contradict\w*|"
    rf"disput\w+|{_OTHER})\b|"
    r"\b(?:any|some)(?:one|body) (?:\w+ )?(?:agreed?|disagreed?|share[ds]?|supported|support|objected|object|"
    r"echo(?:ed)?|repl(?:y|ied)|answer(?:ed)?|respond(?:ed)?|challenged?)\b",
    _I,
)

_THAT = r"(?:that|this|it|so|those|these|them|the (?:question|point|issue|matter|subject))"
_ASKING = (
    r"(?:ask(?:ed)?|rais(?:e|ed)|put|brought|mentioned|want(?:ed)? to know|enquired|inquired|questioned|"
    r"requested)"
)
_MEMBERS = r"(?:members?|experts?|rapporteurs?)"
ASKED_BY = re.compile(
    rf"^(?:and |but |so )?(?:who|whom|which (?:of the )?(?:committee |UN )?{_MEMBERS}(?: of the committee)?)"
    rf"(?: was it (?:who|that))?(?: (?:had|has|first|also))* {_ASKING}"
    rf"(?: (?:about|up|for|the question(?: about)?))?(?: {_THAT})?(?: up| question)?(?: first)?\W*$|"
    rf"^(?:and )?(?:whose (?:question|point|concern) (?:was|is) (?:that|this|it)|"
    r"(?:and )?the question|what was the question|(?:and )?who was it|was (?:that|it) (?:asked|raised))\W*$",
    _I,
)
SAID_BY = re.compile(
    r"^(?:and |but |so )?(?:who(?: (?:from|of|in) (?:the|its) (?:delegation|government|committee))?|which (?:of the )?(?:delegates?|speakers?|officials?|representatives?|members? of the delegation))"
    r"(?: had| has)? (?:said|stated|claimed|gave|replied|answered|responded|told|reported)"
    rf"(?: the committee)?(?: (?:to )?{_THAT}| the (?:figures?|answer|reply))?\W*$|"
    r"^(?:and )?(?:whose words (?:are|were) (?:that|those|they)|says who|who is (?:speaking|that))\W*$",
    _I,
)
_STATE_SIDE = (
    r"(?:the |its |their )?(?:(?-i:[A-Z])\w+ )?(?:delegation|delegates?|government|state party|state|minister|"
    r"authorities|country)|they|he|she"
)
_TO_THAT = (
    rf"(?: (?:to|about|on|in reply to|in response to) (?:{_THAT}|him|her|that question|this question|"
    r"the committee|that point))?(?: (?:in reply|in response|in turn|then))?"
)
REPLY = re.compile(
    r"^(?:and |but |so )?(?:"
    rf"(?:what|how) (?:did|has|had|does) (?:{_STATE_SIDE}) (?:answer|answered|reply|replied|respond|responded|"
    rf"react|reacted){_TO_THAT}|"
    rf"what (?:did|had) (?:the |its )?(?:(?-i:[A-Z])\w+ )?(?:delegation|government|state party|state) (?:say|said|tell){_TO_THAT}|"
    rf"what (?:was|were) (?:he|she|they|the committee|the members?) told{_TO_THAT}|"
    rf"(?:what was |what is )?(?:the|its|their) (?:reply|answer|response|delegation['’]s (?:reply|answer|response)){_TO_THAT}|"
    r"(?:was|did|were) (?:that|it|this|the question|they|the delegation|the government|he|she)"
    rf"(?: get| receive)?(?: ever)? (?:an? |any )?(?:answer|answered|reply|replied|response|respond){_TO_THAT}"
    r")\W*$",
    _I,
)
_SAID_BEFORE = (
    r"(?:that|this|it|him|her|them|(?:the|that|this) (?:claim|allegation|figure|statement|point|answer|number|"
    r"explanation|view|reply|account))"
)
# "Was that disputed?", "Did anyone contradict her?": what the other side says on it.
DISPUTED = re.compile(
    r"^(?:and |but |so )?(?:"
    rf"(?:was|is|were|has|have) (?:{_SAID_BEFORE}|what (?:he|she|they) said)(?: been)?(?: ever| later)? "
    r"(?:(?P<was_denied>denied)|disputed|contested|challenged|questioned|contradicted|rejected|refuted|called into question)"
    r"|(?:did|has|does) (?:anyone|anybody|somebody|someone|any ?one|any member|(?P<state>the delegation|the government"
    r"|the state party|the state)|(?P<members>(?:any of )?the members?|the committee)|(?-i:[A-Z])\w+|they|he|she)(?: else)?(?: ever)? "
    r"(?:disputed?|contest(?:ed)?|challenged?|(?P<denied>den(?:y|ied))|question(?:ed)?|contradict(?:ed)?|reject(?:ed)?"
    rf"|refuted?|disagreed?(?: with)?|object(?:ed)?(?: to)?) {_SAID_BEFORE}"
    rf"|did (?P<agree>the (?:committee|members?)) (?:(?:dis)?agree|(?:accept|agree with|endorse|share|believe) {_SAID_BEFORE})"
    r")\W*$",
    _I,
)
# "Was that number corrected later?": what corrects it, wherever it stands. A law is amended.
_NUMBER = (
    r"(?:that|this|the|his|her|its|their|those|these) (?:\w+ )?(?:figures?|numbers?|dates?|amounts?|sums?|totals?|"
    r"percentages?|statements?|names?|data|statistics|answer|reply|mistake|error)"
)
_SAID_SO = rf"(?:{_NUMBER}|that|this|it|those|these|them)"
_WHO = (
    r"(?:anyone|anybody|someone|somebody|he|she|they|(?:the )?(?:delegation|government|state party|state|speaker)"
    r"|(?-i:(?:Mr|Mrs|Ms|Dr)\.? [A-Z][\w'’-]+|[A-Z]\w+))"
)
_SINCE = r"(?: (?:ever|later|been|since|subsequently))*"
CORRECTED = re.compile(
    r"^(?:and |but |so )?(?:"
    rf"(?:was|were|is|are|has|have|had) (?:{_SAID_SO}{_SINCE} (?:corrected|rectified|taken back)"
    rf"|{_NUMBER}{_SINCE} (?:revised|amended|updated))"
    rf"|(?:did|has|have|had) {_WHO}{_SINCE} (?:(?:correct|rectif)\w* {_SAID_SO}"
    rf"|(?:revise|amend|update)d? {_NUMBER}|(?:take|took|taken) {_SAID_SO} back)"
    r"|(?:is|was|were) (?:there )?(?:any |an? )?(?:ever )?(?:any |an? )?corrections?(?: (?:ever )?made)?"
    rf"(?: (?:of|to) {_SAID_SO})?"
    r")(?: (?:later|later on|afterwards|since|subsequently|then|ever|(?:at|in) (?:the|a) (?:next|following|later|second) meeting))?"
    r"\W*$",
    _I,
)
# What somebody asks in the words of the record: "asked on what date the complaint was lodged".
ASKED_FOR = re.compile(
    r"\b(?:asked|enquired|wondered|(?:wished|wanted|would like|would be interested) to know)"
    r"(?P<what> (?:about|on|in|how|why|what|which|who|when|where|whether|if)\b[^.;?”]{6,110}?)(?=,|[.;?”]| and )",
    _I,
)
# After somebody's question these mean the reply; after a statement they may mean anything.
THEY_SAY = re.compile(
    r"^(?:and |but |so )?what (?:did|do|have) (?:they|the (?:authorities|officials)) (?:say|said|tell)"
    rf"(?: \w+)?{_TO_THAT}\W*$",
    _I,
)
QUESTION_OF_COMMITTEE = re.compile(
    r"^(?:and |but |so )?what (?:else )?(?:did|does|do|had|has|have|was|were) (?P<who>the (?:committee|members?|experts?)|(?:committee )?members) "
    r"(?:ask(?:ed)?(?! (?:for|the))|want(?:ed)? to know|want(?:ed)?|enquired?|rais(?:e|ed)|request(?:ed)?"
    r"|recommend(?:s|ed)?|suggest(?:ed)?|urged?|call(?:ed)? for|ask(?:ed)? for"
    r"|ask(?:ed)? (?:the )?(?:state(?: party)?|government) to do"
    r"|(?P<judged>say|said|conclude|find|decide|think|observe|make))"
    r"(?: (?:in the end|finally|at last|in its (?:conclusions|(?:concluding )?observations)))?"
    rf"(?: (?:about|on|regarding|for) {_THAT})?\W*$",
    _I,
)
CONCERN_OF_COMMITTEE = re.compile(
    r"^(?:and |but |so )?what (?:is|was|were) (?:it|they|the committee) (?:\w+ )?(?:concerned|worried|troubled)"
    rf" (?:about|at|by)(?: there| in that (?:regard|respect)| (?:on|about|regarding) {_THAT})?\W*$",
    _I,
)
FRAGMENT_SIDE = re.compile(
    r"the (?:committee|delegation|government|state party|state|members?|experts?|chair(?:person)?)"
    r"(?P<after> in (?:its|the) (?:conclusions?|(?:concluding )?observations|recommendations))?",
    _I,
)
WHERE = re.compile(
    r"^(?:and |but |so )?(?:(?:in )?(?:which|what) (?:paragraphs?|para|pages?|documents?|record) (?:is|was|are|were|does|says|say)\b"
    rf"(?: {_THAT}| it)?(?: (?:in|from|say|said|stated|come from|stand in))?(?: {_THAT})?|"
    rf"where (?:does|is|was|do) (?:it|that|this|the record|they|you)(?: say| said| stated| stand| from| written| found| get)?(?: {_THAT})?(?: from)?|"
    r"(?:what is |what's )?(?:the |your )?(?:source|citation|reference|paragraph)s?(?: for (?:that|this|it))?)\W*$",
    _I,
)
MORE = re.compile(
    r"^(?:and |but |so )?(?:(?:is|was) there )?(?:anything (?:else|more)|what else|what more|tell me more|more|go on|"
    r"(?:any )?(?:more|further) details?|(?:more|anything else|what else) (?:about|on) (?:that|this|it)|"
    r"what else (?:was|is) said(?: about (?:that|this|it))?)\W*$",
    _I,
)
BARE = re.compile(
    r"^(?:and |but |so )?(?P<word>why not|why|when|where|how|by whom|since when|until when|how often|how long|"
    r"for how long|on what grounds|for what reasons?|from whom|to whom|with whom|how so|how come|what for)"
    r"(?: (?:is|was|were|are|did) (?:that|this|it|so))?(?: so| happen| the case| then)?\W*$",
    _I,
)
WHY = re.compile(r"on what grounds|for what reasons?|how so|how come|what for", _I)
ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "last": -1,
}  # fmt: skip
ORDINAL = re.compile(
    r"\b(?:in |of )?the (?P<nth>first|second|third|fourth|last|1st|2nd|3rd|4th)"
    r"(?: (?:one|answer|paragraph|statement|quotation|quote|citation|source))\b|"
    r"(?<=about )the (?P<alone>first|second|third|fourth)(?=\W*$)",
    _I,
)
OF_THEM = re.compile(
    r"\bof (?:them|those|these|the latter)\b(?! \w+ing\b)(?! (?:who|which|that|in|on|from)\b)", _I
)
ALOUD = re.compile(
    r"\bwho (?:asked|raised|said|put|mentioned|wanted|replied|answered|responded)\b", _I
)
ENDS_BACK = re.compile(
    r" (?P<lead>on|about|to|of|for|with|in|from|against|regarding|concerning) (?:(?:it|that|this|them|those|these)"
    r"(?: (?:subject|point|issue|matter|topic|question|score|regard|respect|law|act|bill|plan|case))?|the (?:subject|matter|issue|topic))\W*$",
    _I,
)
_NOUN_OF_BEFORE = (
    r"(?:subject|point|issue|matter|question|law|act|bill|code|plan|programme|program|case|cases|number|numbers|"
    r"figure|figures|year|period|practice|provision|rule|body|party|person|people|women|incident|"
    r"report|reports|complaints?|decision|reform|measures?|amendments?|requirement|reduction|increase|explanation|"
    r"recommendations?|proposals?|suggestion|argument|allegations?|claims?|statement|assertion|account|promise)"
)
POINTS_BACK = re.compile(
    r"\b(?P<it>it|its)\b(?! (?:that|true|correct|possible|legal|necessary|lawful|the case|compulsory|mandatory|"
    r"permitted|an offence|a crime)\b)|\b(?P<they>they|them|their|theirs)\b|\b(?P<he>he|she|his|him|her|hers)\b|"
    rf"\b(?:(?:those|these|such)|(?:that|this)(?! (?:people|women|\w*[^\Ws]s)\b)) {_NOUN_OF_BEFORE}\b|"
    r"\b(?:does|is|was|did|has|will|would|could|are|were|why|how) (?:that|this|these|those)\b(?! \w+ed\b)|"
    r"\b(?:do|does|did|done|doing|change|changed|changing) (?:that|this|so)\b|"
    rf"\b(?:the same|the former|the latter|such an?|{_OTHER})\b|\b(?:which|the other|other|any|some|both|new) ones?\b|\bones\b|"
    r"\b(?:on|about|of|for|from|with|after|before|since|besides|than) (?:that|this|these|those)\b(?! \w+ \w+ed\b)|"
    r"\b(?:rais\w+|mention\w*|recommend\w*|support\w*|accept\w*|reject\w*|propos\w+|suggest\w*|agree with|oppos\w+|"
    r"ask\w*|brought up|say|said|claim\w*|object\w* to|welcom\w+|criticis\w+|criticiz\w+) (?:that|this)\W*$|"
    r"\b(?:thinks?|thought|considers?|considered|believed?|felt|feels?) (?:that|this|so)"
    r"(?= (?:is|was|were|too|so)\b|\W*$)",
    _I,
)
# "What was the Committee's reaction?": to something.
TO_SOMETHING = re.compile(
    r"\b(?:the|its|their) (?:\w+['’]s? )?(?:reaction|view|position|opinion|conclusion|justification|explanation|"
    r"reason|result|outcome|consequence|effect|penalty|deadline|cost|purpose|aim|background|status|basis)"
    r"(?:s|es|ies)?\W*$",
    _I,
)
# "How many led to convictions?": how many of them.
NONE_COUNTED = re.compile(
    r"^(?P<open>(?:and |but |so )?how many)(?= (?!(?:were|was|are|is) there\b)"
    r"(?:were|was|are|is|had|have|has|did|do|led|resulted|ended|went|"
    r"got|came|came|received|could|can|remain(?:ed)?|succeeded|failed)\b)",
    _I,
)
PARAGRAPH = re.compile(r"\bpara(?:graph|s?\.)? (?P<label>\d+(?:\.\d+)*)(?! of\b)", _I)
DEFINITE = re.compile(r"\b(?:the|any of the|of the|these|those) (?:\w+ )?([a-z]{3,})\b")
GROUPS = re.compile(
    r"\b(?:the )?(?:women|men|girls|boys|children|minors|adults|juveniles|prisoners|detainees|journalists|"
    r"lawyers|judges|foreigners|migrants|migrant workers|refugees|asylum seekers|citizens|students|"
    r"workers|police officers|officers|soldiers|victims|perpetrators|Dalits|persons with disabilities)\b",
    _I,
)

_CONTENT = re.compile(r"[^\W\d_]{4,}")
_LIGHT = frozenset(
    """says saying what when where which whom whose about many much have been were does said asked reply replied
    answer answered delegation committee member members state that this they them there then also with
    from did government question how why are was the and for responded respond response give given
    figure number year else anyone anybody someone somebody everyone nobody mention mentioned same those these their theirs such some more most only just even into
    would could should will must might shall being said tell told wanted know subject point
    after before long often still ever again doesn didn isn wasn weren aren hasn haven hadn won wouldn
    couldn shouldn""".split()
)
_VERB = re.compile(
    rf"\b(?:{AUXILIARY}|said|say|asked|ask|led|replied|reply|wanted|want|happened|happen|get|got|goes|go|"
    r"makes?|made|took|takes?|came|come)\b",
    _I,
)


def content(text: str) -> list[str]:
    """The words that carry a subject."""
    return [word for word in _CONTENT.findall(text) if word.casefold() not in _LIGHT]


def has_verb(text: str) -> bool:
    """Whether it is more than a fragment."""
    return _VERB.search(text) is not None


_PLURAL = re.compile(
    r"\b(?:people|women|men|children|police|authorities|committee|government|delegation|"
    r"(?-i:[a-z])[a-z]{2,}(?<!s|u|i)s(?<!his)(?<!this)(?<!does)(?<!was)(?<!has)|who)\b",
    _I,
)
_PERSONAL = re.compile(
    r"\b(?:members?|experts?|judges?|president|minister|chair|woman|man|person|prisoner|lawyer|mother|"
    r"father|wife|husband|director|rapporteur|anyone|somebody|someone|everyone|each|every|child|party)\b",
    _I,
)


def stands_for_something_here(question: str) -> bool:
    """Whether the first word that points back has its noun in the question itself, before it."""
    found = POINTS_BACK.search(question)
    if found is None:
        return False
    left = question[: found.start()]
    if found["they"]:
        return _PLURAL.search(left) is not None
    if found["he"]:
        return bool(TITLED.search(left) or _PERSONAL.search(left) or _named(left))
    if found["it"]:
        things = [word for word in content(left) if not word.endswith(("ed", "ing"))]
        return len(things) >= 2 or bool(_named(left))
    return False


# Where a clause ends; not after "Mr.", "No.", "art.".
_BREAK = re.compile(r"(?<!\bM[rs])(?<!\bMrs)(?<!\b[DS]r)(?<!\bNo)(?<!\bart)[.?!:;,–—-](?=\s)")
_LATER = re.compile(r"\b(?:has|have|had|did|does|do|is|was|will|can) [A-ZÀ-Þ]")


def tells_itself(question: str) -> bool:
    """Whether what points back does so within the question: it holds its own subject.

    A clause before it tells three things, or somebody is brought in by "a" or "an"; or the
    name follows: "How much of its budget does Nepal spend?".
    """
    found = [m for p in (POINTS_BACK, ENDS_BACK, _PRONOUN) if (m := p.search(question))]
    if not found:
        return False
    first = min(found, key=lambda match: match.start())
    left = question[: first.start()]
    breaks = list(_BREAK.finditer(left))
    if breaks and len(content(left[: breaks[-1].start()])) >= 3:
        return True
    if first[0].endswith("ones") and len(content(left)) >= 2:
        return True
    if _PRONOUN.match(question, first.start()) and re.search(r"\ban? \w", left):
        return len(content(left)) >= 3
    whose = re.match(r"(?:its|their|his|her)\b", question[first.start() :], _I)
    return whose is not None and _LATER.search(question[first.end() :]) is not None


def _named(text: str) -> list[str]:
    """Names in a question but for its first word, and for words that name any of their kind."""
    return re.findall(
        r"(?<=[a-z,] )(?!(?:States?|Committee|Government|Party|Chair|Council|Ministry)\b)"
        r"[A-ZÀ-Þ][a-zà-ÿ]+",
        text,
    )


def names_nothing(question: str) -> bool:
    """Whether it holds at most two words that carry a subject, and no name or year."""
    return not names_something(question) and len(content(question)) <= 2


def names_something(question: str, before: str = "") -> bool:
    """Whether it holds a year, or a name, but for its first word, that was not named before."""
    names = re.findall(r"(?<=[a-z,] )[A-ZÀ-Þ]\w+", question)
    return bool(YEAR.search(question)) or any(name not in before for name in names)


def only_happens(question: str) -> bool:
    """Whether it says what is done and not to what: "after how long is one fined?"."""
    own = content(question)
    return names_nothing(question) and all(word.endswith(("ed", "ing")) for word in own)


_IT = re.compile(r"\b(?P<word>it|its)\b(?! (?:is|was|be|been)\b(?! \w+ed\b))", _I)
_THING = re.compile(r"\b[A-ZÀ-Þ][\w\-]+(?: (?:(?:of|on|and|for|the|to) ){0,2}[A-ZÀ-Þ][\w\-]+)+")


def thing_meant(question: str, asked: str) -> str:
    """Put a name for "it" where the question before names one thing, and this one none before it."""
    found = _IT.search(question)
    # Not the capital that opens the question, and no person's name.
    names = [m[0] for m in _THING.finditer(TITLED.sub(" ", asked[1:]))]
    if found is None or len(names) != 1 or content(question[: found.start()]):
        return question
    own = "'s" if found["word"].lower() == "its" else ""
    return f"{question[: found.start()]}the {names[0]}{own}{question[found.end() :]}"


_BODY = re.compile(
    r"(?:Acts?|Laws?|Codes?|Court|Committee|Commission|Council|Convention|Covenant|Protocol|Party|Prison|"
    r"Ministry|Office|Plan|Union|Republic|Institution|Agency|Assembly|Board|Chamber|Nations|States|Fund)\b"
)
_PRONOUN = re.compile(r"\b(?P<word>he|she|him|her|his|hers)\b(?P<noun> [a-z]\w+)?", _I)


def persons_meant(question: str, asked: str, speakers: Sequence[str]) -> str:
    """Put names for "he" and "she": who was named in the question before, or spoke in the answer.

    Nothing is put where the question names somebody itself, or nobody fits.
    """
    found = _PRONOUN.search(question)
    if found is None:
        return question
    left = question[: found.start()]
    male = found["word"].lower() in ("he", "him", "his")
    titles = ("Mr.", "Mr ", "Sir", "Dr") if male else ("Ms", "Mrs", "Miss", "Dr")
    here = TITLED.findall(left)
    if any(name.startswith(titles) for name in here):
        return question
    # Whoever does something does it to another: "did anyone agree with her?" has none of its own.
    done_to = found["word"].lower() in ("him", "her") and not _owns(found)
    if not here and not done_to and (_PERSONAL.search(left) or _named(left)):
        return question
    titled = [name for name in reversed(TITLED.findall(asked)) if name.startswith(titles)]
    spoke = [name for name in speakers if name.startswith(titles)]
    # One who is asked about is meant before one who spoke, but for what the speaker said.
    says = re.search(rf"{SAYS}\b", question, _I)
    others = [] if says else _untitled(asked)
    if not says and not re.search(rf"{SAYS}\b", asked, _I):
        spoke = []  # "Who lost an eye?" is not answered by the one who tells of it
    person = next(iter([*titled, *others, *spoke]), None)
    if person is None:
        return question

    def name(match: re.Match[str]) -> str:
        word, noun = match["word"].lower(), match["noun"] or ""
        if word not in ("he", "she", "him", "her", "his"):
            return match[0]
        return f"{person}'s{noun}" if _owns(match) else f"{person}{noun}"

    return _PRONOUN.sub(name, question, count=1)


def _untitled(asked: str) -> list[str]:
    """Persons whom a question names without a title: "Was Iskander Tugelbaev beaten?"."""
    rest = TITLED.sub(" ", asked[1:])
    found = re.findall(r"(?<!the )\b(?:[A-ZÀ-Þ][\w\-]+ )+[A-ZÀ-Þ][\w\-]+", rest)
    return [name for name in found if not _BODY.search(name)]


def _owns(pronoun: re.Match[str]) -> bool:
    """Whether "her" or "his" tells whose the next word is."""
    word, noun = pronoun["word"].lower(), pronoun["noun"] or ""
    after = r" (?:in|on|to|about|for|by|that|what|how|when|why|whether|if|and|or|with|from|at|of)\b"
    return word == "his" or (word == "her" and bool(noun) and not re.match(after, noun))
