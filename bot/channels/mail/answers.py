"""What a mail server's refusal means: a row of answers.toml, or else what its code says at its step.

The class alone misleads. "550 Domain frequency limited" is no fault of the subscriber's, and is not for good.
"""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

_PERMANENT_CODES = range(500, 600)
_CLOSING, _SERVER_TROUBLE = 421, 451  # the other 4xx are about the mailbox, where no status says more
_PERMANENT_STATUS = re.compile(r"\d{3} 5\.\d{1,3}\.\d{1,3}\b")
_TRANSIENT_STATUS = re.compile(r"\d{3} 4\.(\d{1,3})\.\d{1,3}\b")
_MAILBOX_SUBJECTS = ("1", "2")  # RFC 3463: the subject of a status, an address or a mailbox
_MAX_SEARCHED = 600  # characters of an answer


class AnswerMeaning(StrEnum):
    """What a refusal says. UNKNOWN ones are the subscriber's at RCPT and ours at the other steps."""

    NO_MAILBOX = "no mailbox"
    MAILBOX_FULL = "mailbox full"  # or busy
    TOO_FAST = "too fast"
    OUR_FAULT = "our fault"
    TOO_LARGE = "too large"
    MAILBOX_LATER = "mailbox later"  # a 4xx about one mailbox
    DOMAIN_LATER = "domain later"  # a 4xx about whoever sends to the domain
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerRow:
    """A row of answers.toml."""

    meaning: AnswerMeaning
    pattern: re.Pattern[str]
    example: str
    origin: str
    steps: tuple[str, ...] = ()
    of_relay: bool = False

    def fits(self, step: str, answer: str) -> bool:
        return (not self.steps or step in self.steps) and self.pattern.search(answer) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassifiedAnswer:
    """`of_relay`: it is about the server that we send through, not about the subscriber's domain."""

    meaning: AnswerMeaning
    of_relay: bool = False
    is_known: bool = True  # a row of the table fits it


@cache
def load_answer_rows() -> tuple[AnswerRow, ...]:
    text = files("bot.channels.mail").joinpath("answers.toml").read_text(encoding="utf-8")
    return tuple(
        AnswerRow(
            meaning=AnswerMeaning(row["meaning"]),
            pattern=re.compile(row["pattern"]),
            example=row["example"],
            origin=row["origin"],
            steps=tuple(row.get("steps", ())),
            of_relay=row.get("whose") == "relay",
        )
        for row in tomllib.loads(text)["answer"]
    )


def classify_answer(step: str, answer: str) -> ClassifiedAnswer:
    """Return what a refusal means.

    `step`: MAIL, RCPT, DATA, or "." after the text. `answer`: the code and text, on one line.

    >>> classify_answer("RCPT", "550 Domain frequency limited").meaning
    <AnswerMeaning.TOO_FAST: 'too fast'>
    >>> classify_answer("RCPT", "550 never heard of it").meaning
    <AnswerMeaning.UNKNOWN: 'unknown'>
    """
    lowered = answer[:_MAX_SEARCHED].lower()
    for row in load_answer_rows():
        if row.fits(step, lowered):
            return ClassifiedAnswer(meaning=row.meaning, of_relay=row.of_relay)
    return ClassifiedAnswer(meaning=_classify_code(answer), is_known=False)


def _classify_code(answer: str) -> AnswerMeaning:
    code = int(answer[:3]) if answer[:3].isdecimal() else 0
    if code in _PERMANENT_CODES:
        return AnswerMeaning.UNKNOWN
    if status := _TRANSIENT_STATUS.match(answer):
        about_mailbox = status[1] in _MAILBOX_SUBJECTS
    else:
        about_mailbox = code not in (_CLOSING, _SERVER_TROUBLE)
    return AnswerMeaning.MAILBOX_LATER if about_mailbox else AnswerMeaning.DOMAIN_LATER
