"""English."""

import re

from summarizer.languages.english_rules import ENGLISH_RULES
from summarizer.languages.language import Language, WordSign, build_sign, split_words

# Closed classes (articles, pronouns, prepositions, conjunctions, auxiliaries) from a grammar,
# plus the verb of speech that is frequent in every news text.
_STOP = split_words(
    """
    a an the this that these those some any no every each either neither both all half
    i me my mine myself you your yours yourself he him his himself she her hers herself it its itself
    we us our ours ourselves they them their theirs themselves who whom whose which what
    about above across after against along among around as at before behind below between beyond by down
    during for from in inside into like near of off on onto out outside over past since through throughout to
    toward towards under until up upon with within without
    and but or nor so yet if because although though while whereas unless than whether when where why how
    am is are was were be been being do does did doing done have has had having can could may might must shall
    should will would not n't don't doesn't didn't isn't aren't wasn't weren't hasn't haven't hadn't won't
    wouldn't can't couldn't shouldn't it's that's there's here's he's she's i'm i've i'll we're we've
    you're they're
    there here then now also just only too very more most much many such other another own same again ever
    never said say says
    """
)
ABBREVIATIONS = split_words(
    """
    mr mrs ms dr prof st sr jr gen col maj capt lt sgt cmdr adm rev hon gov sen rep pres
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    inc ltd co corp dept univ assn bros no nos vs etc al fig approx est e.g i.e cf a.m p.m u.s u.k u.n d.c
    ave blvd rd mt ft
    """
)
# A dateline is a known agency, or a place and a day with a dash. "(ECB)" after a name is an abbreviation.
_AGENCY = (
    r"CNN(?:\ Student\ News|\ Business|\ Español)?|CNNMoney|AP|Associated\ Press|AFP|Reuters|Xinhua|"
    r"UPI|PTI|ANI"
    r"|IANS|Bloomberg|BBC|dpa|DPA|EFE|TASS|Kyodo|Yonhap"
    r"|ANSA|The\ Guardian|The\ Hollywood\ Reporter|EW\.com|People\.com|Variety|NPR|Mashable|CNET"
)
DATELINE = re.compile(
    rf"""
    (?:[A-Z][\w.,'’ /-]{{1,60}}?)? \((?:{_AGENCY})(?:\ [A-Z]\w+)?\) \s*(?:--|[-–—])?\s*
    # LONDON, May 3 (Xinhua) --
  | [A-Z][A-Z.'’ -]{{2,30}}(?:,\ (?:[A-Z][\w.]+\s?){{1,3}}(?:\d{{1,2}})?)?\ ?(?:--|[–—])\s+
    # LONDON, England --
  | [A-Z][A-Z.'’ -]{{2,30}},\ (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*
    \.?\ \d{{1,2}}\ ?(?:--|[-–—:])\s*
    """,
    re.VERBOSE,
)
ENGLISH = Language(
    tag="en",
    units="words",
    joiner=" ",
    stop=_STOP,
    abbreviations=ABBREVIATIONS,
    usual_length=125,
    dateline=DATELINE,
    caption=re.compile(
        r"(?i)(?:photos?|image|picture|pictured|caption|video|file photo|watch|read more)\b\s*[:：(]"
    ),
    signature=re.compile(
        r"(?i)(?:by|from|reporting by|editing by|written by|edited by|story by)\s+[^.!?]{2,80}\.?"
    ),
    attribution=re.compile(r"\s+[a-z]"),
    reported=build_sign("said says told added asked wrote tweeted explained recalled according", then=r"\b"),
    spoken=WordSign(
        pattern=re.compile(r"[ \"“(](?:I|[Mm]e|[Mm]y|[Ww]e|[Oo]ur|[Yy]ou|[Yy]our)\b"),
        heads=frozenset(
            before + word for before in ' "“(' for word in split_words("I me Me my My we We ou Ou yo Yo")
        ),
    ),
    list_head=re.compile(r"(?:First|Second|Third|Fourth|Fifth|Finally)(?:ly)?,|\(?\d{1,2}[.)]\s"),
    clause_end=re.compile(
        r";|\s(?:--|[–—])\s|,(?=\s+(?:and|but|which|who|whose|where|while|although|though|as|after|"
        r"before|since"
        r"|when|according|including|saying|adding|with|because|so|or|yet)\b)"
    ),
    rules=ENGLISH_RULES,
)
