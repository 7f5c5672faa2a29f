"""What differs between two editions of one slot: the stories that came, went or read otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.models import Edition, Story


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionChanges:
    """The changes from one edition to another. Stories are in the order of the edition they stand in."""

    added: tuple[Story, ...] = ()
    removed: tuple[Story, ...] = ()
    changed: tuple[tuple[Story, Story], ...] = ()  # before and after: another lead, other words or sources
    is_reordered: bool = False  # the stories of both stand in another order or section

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed or self.is_reordered)


def compare_editions(before: Edition, after: Edition) -> EditionChanges:
    """Return how `after` differs. Stories that share an article are versions of one story."""
    pairs = _pair_stories(before.stories, after.stories)
    stay, come = {i for i, _ in pairs}, {j for _, j in pairs}
    order = [j for _, j in sorted(pairs)]
    return EditionChanges(
        added=tuple(story for j, story in enumerate(after.stories) if j not in come),
        removed=tuple(story for i, story in enumerate(before.stories) if i not in stay),
        changed=tuple(
            (before.stories[i], after.stories[j])
            for i, j in sorted(pairs)
            if _describe_story(before.stories[i]) != _describe_story(after.stories[j])
        ),
        is_reordered=order != sorted(order)
        or any(before.stories[i].section != after.stories[j].section for i, j in pairs),
    )


def _pair_stories(before: Sequence[Story], after: Sequence[Story]) -> list[tuple[int, int]]:
    """Return the places of the stories that stand in both: with the same lead first, then with a common
    article.
    """
    pairs: list[tuple[int, int]] = []
    for is_version in (_has_same_lead, _shares_article):
        free = sorted(set(range(len(after))) - {j for _, j in pairs})
        for i in sorted(set(range(len(before))) - {i for i, _ in pairs}):
            partner = next((j for j in free if is_version(before[i], after[j])), None)
            if partner is not None:
                free.remove(partner)
                pairs.append((i, partner))
    return pairs


def _has_same_lead(first: Story, second: Story) -> bool:
    return first.article.fingerprint == second.article.fingerprint


def _shares_article(first: Story, second: Story) -> bool:
    return bool(_list_fingerprints(first) & _list_fingerprints(second))


def _list_fingerprints(story: Story) -> set[str]:
    return {article.fingerprint for article in (story.article, *story.others)}


def _describe_story(story: Story) -> tuple[object, ...]:
    """Return what a subscriber sees of a story, but for its place."""
    return (
        story.article.title,
        story.summary.display,
        tuple(addition.summary.display for addition in story.additions),
        frozenset(other.fingerprint for other in story.others),
        bool(story.first_printing),
    )
