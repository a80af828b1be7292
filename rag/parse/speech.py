"""What follows a name → whether its bearer speaks: the verbs of summary records."""

from __future__ import annotations

import re
from typing import Literal

# Words of speaking itself. In a summary record their simple past is the record's own voice.
_PLAIN = frozenset(
    """said asked wondered noted recalled requested thanked confirmed replied responded explained
    pointed drew enquired inquired suggested proposed observed congratulated invited declared
    informed introduced urged reiterated concluded continued added raised announced remarked
    reported described outlined presented stated clarified indicated recommended read
    summarized summarised mentioned referred commented answered paid opened submitted says
    asks notes informs welcomed expressed stressed emphasized emphasised commended hailed
    praised regretted acknowledged underlined underscored highlighted insisted apologized
    apologised conveyed questioned quoted repeated""".split()
)
# What people also do unspoken, or are said to do by others.
_WEAK = frozenset(
    """agreed wished would sought encouraged called hoped maintained argued assured warned
    cautioned affirmed reaffirmed echoed joined disagreed felt believed shared supported
    concurred deplored admitted denied cited gave appreciated objected appealed considered
    recognized recognised advocated asserted doubted endorsed favoured favored deemed
    understood saw found preferred""".split()
)
_ADVERB = (
    r"(?:(?:also|then|further|again|however|therefore|additionally|likewise|too|first|finally|"
    r"in (?:reply|response|conclusion|turn)|[a-z]{3,}ly),? )"
)
_AFTER = re.compile(rf"^\s*{_ADVERB}{{0,2}}(?P<verb>[a-z\-]+)(?: (?P<rest>[a-z]{{1,8}}))?")
_CLAUSES = 4  # "Mr. X, Minister of Justice, replying to Ms. Y, said"
_REACH = 400
PARTICIPLE = re.compile(
    r"^,? ?(?:in (?:reply|response|answer|explanation|conclusion) (?:to )?|(?:also|then) )?\(?"
    r"(?:referring|responding|replying|introducing|speaking|turning|summarizing|summing|noting|"
    r"continuing|recalling|returning|raising|commenting|thanking|welcoming|concluding|answering|"
    r"supported|seconded|citing|drawing|addressing|resuming|presenting|spoke|interpretation|"
    r"reverting|clarifying|elaborating|following up|on a point)\b"
)
FELT = re.compile(
    r"^ (?:was|were|is) (?:also |deeply |particularly |very |most |glad |pleased |somewhat )*"
    r"(?:concerned|pleased|grateful|glad|happy|surprised|interested|curious|disturbed|struck|"
    r"alarmed|convinced|encouraged|disappointed|eager|keen|of the (?:view|opinion)|not (?:sure|"
    r"convinced|clear|satisfied)|unclear|puzzled|impressed)\b"
)
MOVES = re.compile(
    r"^(?:, [^,]{0,120},)? (?:took|takes|resumed the|left|withdrew|was elected|were elected|"
    r"had been (?:elected|appointed)|joined the meeting|presided)\b"
)


def speech_verb(after: str) -> Literal["plain", "weak"] | None:
    """Tell what follows a name: "plain" for said or asked, "weak" for hoped or agreed.

    Clauses set off by commas are passed over ("Mr. Dunmore, Country Rapporteur, said"),
    but not those of "who": "Mr. Kozlov, who was convicted, said" is told of him.
    """
    after = after[:_REACH]
    stop = re.search(r"[.;?!] ", after)
    after = after[: stop.start() + 1] if stop else after
    kind = _verb_at(after)
    if kind or not after.startswith(",") or re.match(r"^, ?(?:who|whose|whom|which)\b", after):
        return kind
    for comma in list(re.finditer(r"(?<!^),(?= ?[a-z])", after))[:_CLAUSES]:
        kind = _verb_at(after[comma.end() :])
        if kind:
            return kind
    return None


def _verb_at(after: str) -> Literal["plain", "weak"] | None:
    match = _AFTER.match(after)
    if match is None:
        return None
    # Extraction breaks words: "sai d", "s aid".
    for verb in (match["verb"], match["verb"] + (match["rest"] or "")):
        if verb in _PLAIN:
            return "plain"
        if verb in _WEAK:
            return "weak"
    return None
