"""Mail and archive pages in a browser: nothing sticks out, all can be read by day and by night, nothing is
fetched.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page

GOLDEN = Path(__file__).parents[1] / "render" / "golden"
PAGES = sorted(path for path in GOLDEN.rglob("*.html") if path.name == "mail.html" or "archive" in path.parts)
LEAST_CONTRAST = 4.5  # to one: WCAG 2.2, level AA, for text of any size

# → [contrast, text] of every element that holds visible text of its own, against the first background under
# it.
CONTRASTS = """() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const part = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const ground = element => {
    for (; element; element = element.parentElement) {
      const colour = numbers(getComputedStyle(element).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const seen = [...document.body.querySelectorAll("*")].filter(element => element.checkVisibility()
    && [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()));
  return seen.map(element => {
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(ground(element))];
    return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.textContent.trim().slice(0, 40)];
  });
}"""
SIZES = """selector => [...document.querySelectorAll(selector)].map(element => {
  const style = getComputedStyle(element);
  return [parseFloat(style.fontSize), Number(style.fontWeight)];
})"""


def name(path: Path) -> str:
    return str(path.relative_to(GOLDEN))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_page_fits_every_window_is_legible_day_and_night_and_fetches_nothing(page: Page, path: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    for width in (320, 1200):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        contrasts = page.evaluate(CONTRASTS)
        assert contrasts
        assert [pair for pair in contrasts if pair[0] < LEAST_CONTRAST] == [], scheme
    assert asked == [path.as_uri()]


@pytest.mark.parametrize("form", ["mail.html", "archive/daily/2026-11-22.html"])
@pytest.mark.parametrize("theme", ["chinese", "chinese-broadsheet"])
def test_title_is_the_strongest_and_source_the_weakest(page: Page, theme: str, form: str) -> None:
    page.goto((GOLDEN / theme / form).as_uri())
    titles, told, standing = (page.evaluate(SIZES, each) for each in ("h3", ".told", ".standing"))
    assert min(titles) > max(told) > max(standing)
    assert {weight for _, weight in titles} == {700}
