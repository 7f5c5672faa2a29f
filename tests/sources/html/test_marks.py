"""Marks that carry meaning become characters, and what a page hides is removed."""

import lxml.html
import pytest

from bot.sources.html.marks import remove_hidden, rewrite_marks
from bot.sources.html.prose import parse_prose, write_marks


def read_text(html: str, language: str = "") -> str:
    root = lxml.html.fromstring(f"<div>{html}</div>")
    rewrite_marks(root, language)
    return str(root.text_content())


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("10<sup>6</sup> litres", "10⁶ litres"),
        ("5×10<sup>-3</sup>", "5×10⁻³"),
        ("84 m<sup>2</sup> and 9 km<sup>3</sup>", "84 m² and 9 km³"),
        ("面积84平方米、体积9米<sup>3</sup>", "面积84平方米、体积9米³"),
        ("10<sup>6.5</sup>", "10^6.5"),
        ("x<sup>n</sup>", "xⁿ"),
        ("1<sup>st</sup> of May, 1<sup>er</sup> mai", "1st of May, 1er mai"),
        ("Brand<sup>™</sup>", "Brand™"),
        ("12<sup>½</sup>", "12½"),
        ("H<sub>2</sub>O", "H2O"),
    ],
)
def test_raised_figures_after_a_number_or_unit_are_exponents(html, text):
    assert read_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("The rules<sup>1</sup> say so.<sup>2</sup>", "The rules say so."),
        ("规定<sup>3</sup>。<sup>[4]</sup>", "规定。"),
        ("the law of 1902<sup>1</sup>", "the law of 1902"),
        ("rules<sup><a href='#fn1'>1</a></sup> say", "rules say"),
        ("so<sup class='reference'>[citation needed]</sup>.", "so."),
        ("price<sup>*</sup>", "price"),
    ],
)
def test_footnote_numbers_are_removed(html, text):
    assert read_text(html) == text


def test_struck_text_is_removed_and_its_correction_stays():
    assert read_text("It costs <del>12</del><ins>15</ins> million, <s>nobody</s> was hurt.") == (
        "It costs 15 million,  was hurt."
    )


@pytest.mark.parametrize(
    ("html", "language", "text"),
    [
        ("He said <q>yes</q>.", "", "He said “yes”."),
        ("He said <q>I heard <q>no</q> first</q>.", "en", "He said “I heard ‘no’ first”."),
        ("Er sagte <q>ja</q>.", "de-AT", "Er sagte „ja“."),
        ("彼は<q>はい</q>と言った。", "ja", "彼は「はい」と言った。"),
        ("He said <q>“yes”</q>.", "en", "He said “yes”."),
    ],
)
def test_a_quotation_keeps_its_marks_and_its_sentence(html, language, text):
    assert read_text(html, language) == text


def test_ruby_readings_are_removed():
    assert read_text("<ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>で") == "東京で"


def test_an_emoji_that_is_a_picture_is_its_character():
    assert read_text("Done <img class='emoji' alt='🎉' src='e.png'> now") == "Done 🎉 now"
    assert read_text("A <img class='emoji' alt='party' src='e.png'>") == "A "


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display:none'>Win a car.</p>",
        "<p style='color:red; visibility : hidden'>Win a car.</p>",
        "<p style='font-size:0'>Win a car.</p>",
        "<p style='font-size: 0px; color: red'>Win a car.</p>",
        "<p style='position:absolute; left:-9999px'>Win a car.</p>",
        "<div style='text-indent: -10000px'><p>Win a car.</p></div>",
        "<p hidden>Win a car.</p>",
        "<div aria-hidden='true'><p>Win a car.</p></div>",
    ],
)
def test_what_a_page_hides_is_removed(hidden):
    root = lxml.html.fromstring(f"<div><p>{'The council met. ' * 9}</p>{hidden}</div>")
    remove_hidden(root)
    assert "car" not in root.text_content()
    assert "car" not in write_marks(f"<p>{'The council met. ' * 9}</p>{hidden}")


@pytest.mark.parametrize(
    "style", ["font-size:0.9em", "font-size: 08px", "margin-left:-20px", "left:-5px", "top:-1px"]
)
def test_a_style_that_only_moves_or_shrinks_hides_nothing(style):
    root = lxml.html.fromstring(
        f"<div><p>{'The council met. ' * 9}</p><p style='{style}'>Win a car.</p></div>"
    )
    remove_hidden(root)
    assert "car" in root.text_content()


def test_a_page_that_hides_all_of_its_text_until_a_program_shows_it_is_read():
    root = lxml.html.fromstring(
        f"<div><p>公众号</p><div style='visibility: hidden'>{'正文一句。' * 30}</div></div>"
    )
    remove_hidden(root)
    assert "正文一句" in root.text_content()


def test_marks_within_paragraphs_keep_them_whole():
    assert parse_prose(
        "<p>The plan costs <del>12</del> <ins>15</ins> million, said <q>the mayor</q>.</p>"
    ).paragraphs == ("The plan costs 15 million, said “the mayor”.",)
