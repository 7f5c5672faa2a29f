"""English: which clauses stand alone, which depend on others, which say nothing."""

import re

from summarizer.clause_rules import ClauseRules
from summarizer.languages.language import split_words

_SAYING = (
    r"said|says|say|told|tells|added|adds|asked|wrote|writes|tweeted|explained|recalled|claimed|claims|stated"
    r"|argued|announced|reported|reports|insisted|noted|"
    r"warned|testified|alleged|alleges|acknowledged|confirmed|denied|predicted|declared|vowed|urged|believes?"
    r"|thinks?|according\ to|described"
)
_BASE_VERBS = (
    "accept accuse act add admit affect agree aim allow announce appear apply approve argue arrest ask attack"
    " attend avoid back ban bar bear beat become begin believe blame borrow break bring build buy call care"
    " carry catch cause celebrate change charge check choose claim close collect come compare "
    "compete complain"
    " concern conclude confirm connect consider contain continue contribute control cost cover crash create"
    " cross damage date deal decide declare demand deny depend describe deserve destroy determine develop die"
    " differ discover discuss double draft draw drive drop earn eat employ enable encourage end enjoy ensure"
    " enter estimate examine exceed exist expand expect experience explain extend face fail fall fear feature"
    " feel fight fill find finish fly focus follow force forget form free gain gather get give go grant grow"
    " guide handle hang happen hear help hit hold honor hope host hurt identify ignore impose improve include"
    " increase indicate influence inform insist investigate invite involve issue join judge jump "
    "keep kick kill"
    " know lack land last launch lead lean learn leave let lie like limit link list live lock look lose love"
    " lower maintain make manage mark marry matter mean measure meet mention miss move name need note occur"
    " offer open operate oppose order own park pass pay perform pick place plan play plead point pose pour"
    " predict prefer prepare present press prevent produce promise promote prompt propose protect "
    "prove provide"
    " pull pursue push put question quit raise rank reach read recall receive recommend record recover reduce"
    " refer reflect refuse regard reject relate release rely remain remember remind remove rent "
    "repeat replace"
    " report represent request require rescue resign respond rest result retire return reveal review "
    "ride rise"
    " ruin rule run rush save say scream search see seek seem seize select sell send separate serve "
    "set settle"
    " shake shape share shift shoot show sign sing sit slam sleep smell smile solve sort sound spare spark"
    " speak spend spread stage stand star start stay steal step stop store stretch strike struggle "
    "study submit"
    " succeed suffer suggest suit supply support suppose surround survive sweep switch take talk target taste"
    " teach tell tend test thank think threaten throw tie touch trade train transfer travel treat trust try"
    " turn understand urge use vary view visit vote wait wake walk want warm warn wash waste watch wear weigh"
    " welcome win wish withdraw wonder work worry write yell yield"
)
_PAST = (
    r"\b(?:is|are|was|were|am|be|been|has|have|had|do|does|did|will|would|can|could|may|might|must|"
    r"shall|should"
    r"|isn't|aren't|wasn't"
    r"|weren't|won't|can't|didn't|doesn't|don't|hasn't|haven't|hadn't|isn\?t|doesn\?t|won\?t|said|"
    r"made|took|went"
    r"|came|got|gave|found"
    r"|saw|knew|thought|left|kept|began|became|held|led|met|paid|ran|sent|sold|spent|stood|won|wrote|"
    r"lost|rose"
    r"|fell|grew|broke"
    r"|brought|built|bought|caught|chose|cut|drew|drove|ate|fought|flew|forgot|felt|laid|lit|meant|"
    r"rode|sang|sat"
    r"|shot|shook|shut"
    r"|slept|spoke|stole|struck|swept|swore|taught|threw|told|wore|woke|tries|dies|lies|carries|"
    r"denies|flies|goes"
    r"|does|passes"
    r"|reaches|watches|catches|teaches|pushes|misses|crashes|[a-z]{3,}ed"
)
_FINITE = _PAST + "".join(f"|{verb}s?" for verb in _BASE_VERBS.split()) + r")\b"
_NOUN_BACK = (
    r"move|decision|case|incident|attack|attacks|pair|duo|couple|two|trio|suspect|suspects|victim|"
    r"victims|latter"
    r"|former|same|news|announcement|statement|accident|blast|explosion|crash|shooting|man|woman|boy|"
    r"girl|officer"
    r"|officers|teen|teenager|"
    r"actor|actress|singer|film|movie|show|company|group|team|report|study|law|bill|measure|plan|project"
    r"|agreement|deal|charges|charge|accused|deceased|court|judge|jury|footage|clip|trio|family|"
    r"latest|group|list"
    r"|site|book|album|series"
)

ENGLISH_RULES = ClauseRules(
    opener=re.compile(
        r"(?:However|Indeed|But|Still|Meanwhile|In addition|Also|And|So|Yet|Now|Today|Then|Moreover|"
        r"Furthermore"
        r"|Instead|Earlier|Later|Recently|Last (?:week|month|year|night)|This (?:week|month|year)"
        r"|(?:On|In|At|Since|During|By|After|Before|When|While|As|Although|Though|If|Despite|With|Following"
        r"|According to|Along with|Like|Unlike|Apart from|Asked)\b[^,]{1,80})"
    ),
    unfinished=re.compile(
        r"\b(?:and|or|but|of|to|with|for|in|on|at|by|from|the|a|an|that|which|who|including|such "
        r"as|like|as|said"
        r"|says|told \w+|added)$"
        r"|, ?(?:while|although|though|when|if|because|unless)\b[^,]*$"
        r"|^(?:If|When|While|Although|Though|As|After|Before|Since|Because|Despite|With|Not "
        r"only|Either|Neither"
        r"|Once|Unless|Until|Whether)\b"
    ),
    leaning_clause=re.compile(
        r"(?i)(?:and|but|or|nor|so|yet|however|therefore|thus|hence|moreover|besides|meanwhile|"
        r"instead|otherwise"
        r"|also|then|because|as|after|before|since|while|when|where|although|though|according|"
        r"including|saying"
        r"|adding|with"
        r"|which|who|whom|whose|it|its|he|his|him|she|her|they|their|them|this|that|these|those|such|one|both"
        r"|there|is|are|was|were|has|have|had|will|would|\w+ing|[a-z]\w+)\b"
    ),
    leaning_sentence=re.compile(
        r"[\"“'‘?]?(?:And|But|Or|Nor|So|Yet|However|Therefore|Thus|Hence|Moreover|Furthermore|"
        r"Besides|Meanwhile"
        r"|Instead|Otherwise|Also|Then|It|It's|Its|He|He's|His|Him|She|She's|Her|They|They're|Their|This|That"
        r"|That's|These|Those|Such|Both|Neither|Either"
        r"|There|Still|In addition|Another|Others?|In fact|Indeed|As a result|For example|For "
        r"instance|Similarly"
        r"|Likewise|Nevertheless|Nonetheless|Afterwards?|Later|Earlier|Soon after|At the time|At that time"
        r"|Even so|In response|In return|In turn|Not that|Nor|Because of (?:this|that)"
        r"|On the other hand|On (?:that|the same) day|One of (?:them|these|those)|Some of "
        r"(?:them|these|those)"
        r"|Most of (?:them|these)|All of (?:them|these)|Here|Despite (?:this|that)|After (?:that|this)"
        r"|With (?:that|this)|What's more|That said|The "
        r"(?:latter|former|same|pair|duo|trio|couple|two(?= (?:were"
        r"|are|had|have|also|men|women)))"
        r"|When (?:he|she|they|it)|As (?:he|she|they|it)|While (?:he|she|they|it)|If (?:he|she|they|it)"
        r"|After (?:he|she|they|it|his|her|their)|Before (?:he|she|they|it)|In (?:his|her|their|its|this|that"
        r"|these)|On (?:his|her|their|its|this|that)|For (?:his|her|their|this|that)|At (?:his|her|this|that)"
        r"|According to (?:him|her|them))\b"
    ),
    aspect=re.compile(_PAST + r")\b"),
    impersonal=re.compile(
        r"It(?:'s| is| was| has)(?: been| no| not| hardly| a| an| the| time| more| hard| easy| last| clear)"
        r"|There\b|This (?:week|month|year)\b"
    ),
    later_sentence=re.compile(
        rf"The (?:{_NOUN_BACK})\b(?! of| that| who| for)|The [a-z]+\b(?! of)|Another\b"
    ),
    speaker=re.compile(rf"\b(?:{_SAYING})\b"),
    predicate=re.compile(_FINITE),
    no_predicate=re.compile(r"(?:On|In|At|By|From|With|Of)\b[^,]*|[A-Z][^,]{0,30} (?:said|says|told|added)"),
    heap=re.compile(r"^.{0,60}$"),
    pairs=tuple(
        (re.compile(first), re.compile(second), False)
        for first, second in (
            (r"\b[Nn]ot only\b", r"\bbut\b|\balso\b"),
            (r"\b[Oo]n (?:the )?one hand\b", r"\b[Oo]n the other"),
            (r"\b[Ee]ither\b", r"\bor\b"),
            (r"\b[Nn]either\b", r"\bnor\b"),
            (r"\b[Bb]oth\b(?! of| sides| men| women| countries| parties)", r"\band\b"),
            (r"\b[Ww]hether\b", r"\bor\b|$"),
        )
    ),
    point=re.compile(
        r"(?:First|Second|Third|Fourth|Fifth|Finally)(?:ly)?,|\(?\d{1,2}[.)]\s|[•*\-–]\s|On the "
        r"(?:one|other) hand"
    ),
    bare=re.compile(
        r"\s\.$|"
        r"^(?!.*(?:^|\s)\?\w).*[.,]\?|^\(sic|\?\s*[\"”'’]?\s*$|[:：]\s*[.。]?$|^(?:See|Here|Look)\b|^©"
        r"|\?[\"”]?\s+[A-Z\"“]|https?:|www\."
        r"|pic\.twitter|\.com/|(?:^|\s)[@#]\w|\bRT\b|(?:READ|WATCH|MUST WATCH|ALSO READ|SEE|PHOTOS|VIDEO"
        r"|UPDATE[SD]?|LIVE|BREAKING|FULL COVERAGE|MORE)\b\s*[:|]|^Read\b|[Rr]ead more\b|[Cc]lick "
        r"here|[Ss]ee also"
        r"|^Watch\b|^We\b|^Our\b|\bwe'll\b"
        r"|[Ff]ollow us|\d{1,2}:\d\d\s?(?:[ap]m|[ap]\.m\.|AM|PM)?\s(?:PDT|PST|EST|EDT|GMT|IST|ET)\b|\(@"
        r"|A post shared|\bshared by\b|[Cc]ontributed to this (?:report|story)|[Ii]mage [Cc]redit"
        r"|[Pp]hoto [Cc]ourtesy|\bLet's\b|\bI'm\b(?![^\"“]*[\"”])|[Ww]ith (?:agency )?inputs from"
    ),
    ritual=re.compile(r"(?!)"),
    exhortation=re.compile(r"(?!)"),
    concrete=re.compile(r"\d|[A-Z]\w+"),
    clock=re.compile(r"\b(?:19|20)\d\d\b|\d+(?::\d+)? ?(?:a\.m\.|p\.m\.|am|pm)\b"),
    pointer=re.compile(
        r"^(?:On|In|At|By|After|Before|When|While|As|During|Since|For|To|Last|Earlier|Later|Now|Today|Then)\b"
        r"(?:(?![A-Z]\w+ [A-Z])[^,]){0,80}, (?:he|she|they|it|his|her|their|its|that|that's"
        r"|this|these|those)\b"
    ),
    introduced=re.compile(r"\b[A-Z][a-z’']+(?: [A-Z][a-z]*\.?)? ([A-Z][a-z]+(?:-[A-Z][a-z]+)?)\b"),
    called=re.compile(r"[\"“]?([A-Z][a-z]+(?:-[A-Z][a-z]+)?)(?:'s|’s)?(?=,? [a-z])"),
    signs={
        "figure": re.compile(r"\d[\d.,]*"),
        "measure": re.compile(
            r"\d[\d.,]*\s(?:percent|per cent|million|billion|people|years|miles|feet|hours|days|weeks|months"
            r"|crore|lakh|dead|others|men|women|children|students|passengers)|[$£€]\d"
        ),
        "percent": re.compile(r"%|percent|per cent"),
        "money": re.compile(r"[$£€]|Rs\b|crore|lakh"),
        "date": re.compile(
            r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:January|February|March|April|June|July|August"
            r"|September|October|November|December)\b|\b(?:19|20)\d\d\b"
        ),
        "recent": re.compile(
            r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|last (?:week|month|year)|this (?:week|month|year)"
        ),
        "document": re.compile(r"\b[A-Z]{2,}\b"),
        "saying": re.compile(rf"\b(?:{_SAYING})\b"),
        "quotation": re.compile(r"[\"“]|\?\w"),
        "exclamation": re.compile("!"),
        "self": re.compile(r"\b(?:I|me|my|My|I'm|I've|I'll|I\?m)\b"),
        "pronoun": re.compile(
            r"\b(?:he|his|him|she|her|it|its|they|their|them|this|that|these|those|He|She|It|They|"
            r"This|That|These"
            r"|His|Her|Their)\b"
        ),
        "place": re.compile(r"\b(?:in|at|near|from) [A-Z]\w+"),
        "body": re.compile(
            r"\b(?:police|court|government|president|minister|company|officials?|authorities|department"
            r"|university|hospital|Police|Court|Government)\b"
        ),
        "listing": re.compile(r",(?! (?:and|but|which|who|where|while|as|after))"),
        "become": re.compile(r"\b(?:is|are|was|were)\b"),
        "plan": re.compile(r"\b(?:will|would|plans?|planned|expected|scheduled)\b"),
        "first": re.compile(r"\b(?:first|largest|biggest|highest|most|record|only|latest|new)\b"),
        "change": re.compile(
            r"\b(?:rose|fell|increased?|dropped|raised|cut|declined|grew|gained|lost|up to|more than|at least"
            r"|nearly|about)\b"
        ),
        "range": re.compile(r"\bfrom\b[^,]{1,24}\bto\b"),
        "total": re.compile(r"\b(?:total|all|so far|since|every|each)\b"),
        "name": re.compile(r"(?<=[a-z,] )[A-Z]\w+"),
        "subordinate": re.compile(r"\b(?:who|which|where|when|while|because|although|after|before)\b"),
    },
    words={
        "verb": split_words("said announced told made found released launched"),
        "decision": split_words(
            "announced approved agreed signed ordered ruled decided launched banned convicted "
            "sentenced charged"
            " arrested resigned elected appointed fired suspended released unveiled confirmed "
            "testified pleaded"
            " filed sued"
            " barred directed accused refused apologized apologised revealed admitted acquitted extradited"
        ),
        "event": split_words(
            "killed died dead injured shot attacked crashed exploded collapsed flooded struck hit wounded"
            " missing kidnapped raped murdered stabbed fire blast explosion attack earthquake storm shooting"
            " murder death drowned"
        ),
        "result": split_words(
            "found won beat lost scored reached completed built opened closed raised saved "
            "discovered identified"
        ),
        "effort": split_words(
            "must should need want hope try trying efforts effort committed working important"
        ),
        "abstract": split_words(
            "very really great amazing love like just thing things lot good well much something everything"
            " nothing always never maybe perhaps"
        ),
        "ritual": split_words("thanks thank pray prayers thoughts proud honored grateful excited"),
        "scene": split_words(
            "looked stood sitting sat walked smile smiled eyes face sun sky morning night smiling "
            "watching dream"
            " seemed felt"
        ),
        "reporter": split_words(
            "cnn told interview video photo watch tweet tweeted tweets instagram facebook twitter "
            "reporters asked"
        ),
        "person": split_words(
            "man woman boy girl mother father son daughter wife husband family friends friend people"
        ),
        "official": split_words(
            "spokesman spokeswoman spokesperson official officials authorities attorney lawyer prosecutor"
            " prosecutors police minister president"
        ),
        "praise": split_words("best beautiful wonderful iconic favorite popular famous fans fun"),
        "method": split_words("using through via"),
        "past": split_words("once ago previously earlier former used"),
    },
)
