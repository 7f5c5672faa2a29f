"""Korean: cut into sentences; compared by character pairs, since its particles are glued to the words."""

from summarizer.languages.language import Language

KOREAN = Language(
    tag="ko",
    units="pairs",
    joiner=" ",
    stop=frozenset("은는이가을를의에도와과"),  # particles of one syllable
    usual_length=60,
)
