"""Regular expressions → a class of characters of which every match holds one, so that most texts need no
search.
"""

import re
from collections.abc import Iterable
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

_DIGIT = r"\d"  # stands for the digits of all scripts
# characters of a class that still tells anything; a wider one, as of all Chinese characters, does not
_MOST = 80


def compile_filter(patterns: Iterable[re.Pattern[str]]) -> re.Pattern[str]:
    """Return a class of characters of which every match of any of `patterns` holds one.

    Raises ValueError where a match may do without any: such a pattern has to be searched for in every text.

        >>> compile_filter([re.compile("第[0-9]+版"), re.compile("page")]).pattern
        '[a版]'
    """
    members: set[str] = set()
    flags = 0
    for pattern in patterns:
        required = _require(_parser.parse(pattern.pattern, pattern.flags))
        if not required:
            raise ValueError(f"a match of {pattern.pattern!r} may hold any characters at all")
        members |= required
        flags |= pattern.flags & re.IGNORECASE
    listed = "".join(member if member == _DIGIT else re.escape(member) for member in sorted(members))
    return re.compile(f"[{listed}]", flags)


def _require(parsed: Iterable[Any]) -> frozenset[str]:
    """The fewest characters that one part of a sequence requires; none where no part requires any."""
    required = [characters for part in parsed if (characters := _require_part(*part))]
    return min(required, key=lambda characters: (len(characters), sorted(characters)), default=frozenset())


def _require_part(kind: Any, value: Any) -> frozenset[str]:
    if kind is _constants.LITERAL:
        return frozenset(chr(value))
    if kind is _constants.IN:
        return _list_class(value)
    if kind is _constants.BRANCH:
        branches = [_require(branch) for branch in value[1]]
        return frozenset().union(*branches) if all(branches) else frozenset()
    if kind is _constants.SUBPATTERN:
        return _require(value[-1])
    if kind in (_constants.MAX_REPEAT, _constants.MIN_REPEAT) and value[0] > 0:
        return _require(value[2])
    return frozenset()


def _list_class(members: Iterable[Any]) -> frozenset[str]:
    """The characters of a class like [0-9年]; none where it is too wide or says what it does not hold."""
    characters: set[str] = set()
    for kind, value in members:
        if kind is _constants.LITERAL:
            characters.add(chr(value))
        elif kind is _constants.RANGE and value[1] - value[0] < _MOST:
            characters.update(map(chr, range(value[0], value[1] + 1)))
        elif kind is _constants.CATEGORY and value is _constants.CATEGORY_DIGIT:
            characters.add(_DIGIT)
        else:
            return frozenset()
    return frozenset(characters) if len(characters) <= _MOST else frozenset()
