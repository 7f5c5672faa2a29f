"""Korean: split into sentences and compared by character pairs, because words include particles."""

from summarizer.languages.language import Language

KOREAN = Language(
    tag="ko",
    units="pairs",
    joiner=" ",
    stop=frozenset("은는이가을를의에도와과"),  # particles of one syllable
    usual_length=60,
)
