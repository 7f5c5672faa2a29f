"""Japanese: split into sentences and compared by character pairs. It has no other rules."""

import re

from summarizer.languages.language import Language

JAPANESE = Language(
    tag="ja",
    units="pairs",
    joiner="",
    stop=frozenset("のをにはがとでもへやかよねるたてしいれさ"),  # particles and endings, one kana each
    usual_length=47,
    attribution=re.compile(r"\s*[とっなのはがを]"),
)
