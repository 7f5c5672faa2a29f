"""What a site's robots.txt (RFC 9309) says of one address: whether programs may read it, and how slowly."""

from dataclasses import dataclass
from functools import lru_cache

from protego import Protego

_REMEMBERED_SITES = 16  # whose rules stay parsed: an edition's pages come from few sites, one after the other


@dataclass(frozen=True, kw_only=True, slots=True)
class RobotsAnswer:
    """`pause_seconds` is the time the site asks for between two requests; 0 where it asks for none."""

    is_allowed: bool
    pause_seconds: float = 0.0


def evaluate_robots(text: str, url: str, agent: str) -> RobotsAnswer:
    """Return what the rules in `text` say of `url` to the program named `agent`.

    >>> evaluate_robots("User-agent: *\\nDisallow: /a\\nCrawl-delay: 2", "https://x.example/a/1", "Zhaibao")
    RobotsAnswer(is_allowed=False, pause_seconds=2.0)
    """
    rules = _parse_rules(text)
    return RobotsAnswer(
        is_allowed=bool(rules.can_fetch(url, agent)),
        pause_seconds=max(0.0, float(rules.crawl_delay(agent) or 0.0)),
    )


@lru_cache(_REMEMBERED_SITES)
def _parse_rules(text: str) -> Protego:
    return Protego.parse(text)
