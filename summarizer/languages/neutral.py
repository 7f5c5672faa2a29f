"""The row for languages that separate words by spaces and have no other row."""

import re

from summarizer.languages.english import ABBREVIATIONS
from summarizer.languages.language import Language

NEUTRAL = Language(
    tag="",
    units="words",
    joiner=" ",
    is_cut_by_library=True,
    abbreviations=ABBREVIATIONS
    | {"tp", "q", "ths", "gs", "pgs", "hr", "fr", "bzw", "usw", "nr", "mme", "mlle", "sra"},
    dateline=re.compile(r"\(?[A-Z][\w. ]{1,40}\)?\s*[–—]\s+(?=[A-ZÀ-Ỹ])|\([A-ZÀ-Ỹ]{2,5}\)\s*[-–—]*\s*"),
)
