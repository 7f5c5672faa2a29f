"""Every text of the interface is translated, and docs/how-to/add-a-language.md is enough to add one."""

import ast
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.locales import LANGUAGES, InterfaceLanguage, catalogue, load_catalogue, match_language
from bot.phrases import CountPhrase, Phrase
from bot.render.wording import find_wording
from tests.locales.messages import (
    EDITION_DOMAINS,
    LOCALES,
    ROOT,
    extract_messages,
    find_missing,
    list_domains,
    read_catalog,
    update_catalogues,
    write_catalog,
)

RECIPE = (ROOT / "docs" / "how-to" / "add-a-language.md").read_text("utf-8")
TRANSLATED = [(tag, domain) for tag in LANGUAGES for domain in list_domains(tag)]


@pytest.mark.parametrize(("tag", "domain"), TRANSLATED)
def test_no_message_is_missing(tag: str, domain: str) -> None:
    assert not find_missing(tag, domain, extract_messages(domain))


TEXT_CALLS = ("_", "gettext", "ngettext", "pgettext", "npgettext", "Phrase", "CountPhrase")
FORWARDERS = ("bot/cli/translation.py", "bot/locales/catalogue.py", "bot/phrases.py")


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "bot").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_every_text_can_be_extracted(path: Path) -> None:
    """It is a literal, and does not stand within an f-string, where extraction does not look."""
    if str(path.relative_to(ROOT)) in FORWARDERS:
        return
    tree = ast.parse(path.read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and name_of(node) in TEXT_CALLS]
    assert all(isinstance(call.args[0], ast.Constant) for call in calls if call.args)
    hidden = [node for text in ast.walk(tree) if isinstance(text, ast.JoinedStr) for node in ast.walk(text)]
    assert not [
        name_of(node) for node in hidden if isinstance(node, ast.Call) and name_of(node) in TEXT_CALLS
    ]


@pytest.mark.parametrize("tag", ["zh-Hans", "zh-Hant"])
def test_a_message_that_is_missing_is_reported(tmp_path: Path, tag: str) -> None:
    messages, wanted = read_catalog(tag, "digest"), "Other news"
    messages.delete(wanted)
    write_catalog(tag, "digest", messages, tmp_path)
    assert find_missing(tag, "digest", extract_messages("digest"), tmp_path) == [
        f"{tag}/digest.po: not translated: '{wanted}'"
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [("其他 {nmae}", "has no value for nmae"), ("", "not translated")],
    ids=["placeholder", "empty"],
)
def test_a_translation_that_cannot_be_used_is_reported(tmp_path: Path, text: str, fault: str) -> None:
    messages = read_catalog("zh-Hans", "digest")
    messages["Other news"].string = text
    write_catalog("zh-Hans", "digest", messages, tmp_path)
    (missing,) = find_missing("zh-Hans", "digest", extract_messages("digest"), tmp_path)
    assert fault in missing


def test_making_the_messages_again_changes_nothing(tmp_path: Path) -> None:
    shutil.copytree(LOCALES, tmp_path, dirs_exist_ok=True)
    assert update_catalogues(tmp_path) == []
    for path in LOCALES.glob("*/*.po"):
        assert (tmp_path / path.relative_to(LOCALES)).read_text("utf-8") == path.read_text("utf-8"), path


@pytest.mark.parametrize(
    ("tag", "row"),
    [
        *(("zh", "zh-Hans"), ("zh-CN", "zh-Hans"), ("zh-SG", "zh-Hans"), ("zh_Hans_HK", "zh-Hans")),
        *(("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh-MO", "zh-Hant"), ("zh-Hant-CN", "zh-Hant")),
        *(("zh_TW.UTF-8", "zh-Hant"), ("de_AT@euro", "de"), ("EN-us", "en"), ("es-419", "es"), ("vi", "vi")),
        *(("ru", None), ("xx", None), ("", None), ("C", None), ("chinese", None), ("sr-Latn", None)),
    ],
)
def test_a_tag_means_the_row_of_its_language_and_script(tag: str, row: str | None) -> None:
    assert match_language(tag) == row


def test_a_phrase_is_translated_with_the_values_in_it() -> None:
    texts = load_catalogue("digest", "zh-Hant")
    inner = Phrase("Keywords: {names}", names="甲、乙")
    assert (
        str(Phrase("Could not be read today: {names}", names=inner))
        == "Could not be read today: Keywords: 甲、乙"
    )
    assert (
        texts.translate(Phrase("Could not be read today: {names}", names=inner))
        == "今天未能讀取：關鍵詞：甲、乙"
    )
    assert texts.translate(ValueError(CountPhrase("{n} story", "{n} stories", 2))) == "2 篇"
    assert str(texts.translate(ValueError("plain"))) == "plain"


@pytest.fixture
def russian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of catalogues, and the row for Russian that the recipe names."""
    shutil.copytree(LOCALES, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    (row,) = re.findall(r"InterfaceLanguage\((.*?)\)\n", RECIPE)
    options = {
        word.arg: ast.literal_eval(word.value) for word in ast.parse(f"f({row})", mode="eval").body.keywords
    }  # type: ignore[attr-defined]
    monkeypatch.setitem(LANGUAGES, options["tag"], InterfaceLanguage(**options))
    load_catalogue.cache_clear()
    find_wording.cache_clear()
    yield tmp_path
    load_catalogue.cache_clear()
    find_wording.cache_clear()


RUSSIAN = {
    "The sources published nothing since the last edition.": "После прошлого выпуска новостей не было.",
    "Nothing new today. Until next time.": "Сегодня ничего нового. До следующего выпуска.",
    "(untitled)": "(без заголовка)",
    "Other news": "Другие новости",
    ", ": ", ",
    "Also: ": "Также: ",
    "Update": "Обновление",
    "shortened": "сокращено",
    "the whole story": "читать полностью",
    "Also in the news: ": "Ещё: ",
    "Test": "Проба",
    "On the web": "На сайте",
    "All editions": "Все выпуски",
    "Previous edition": "Предыдущий выпуск",
    "about a minute to read": ("около {n} минуты чтения", "около {n} минут чтения", "около {n} минут чтения"),
    "{n} more story": ("ещё {n} новость", "ещё {n} новости", "ещё {n} новостей"),
    "p. {n}": "с. {n}",
    "Could not be read today: {names}": "Сегодня не удалось прочитать: {names}",
    "Left out: {reasons}.": "Не вошли: {reasons}.",
    "{n} too old": ("{n} старая", "{n} старые", "{n} старых"),
    "{n} printed before": ("{n} напечатанная", "{n} напечатанные", "{n} напечатанных"),
    "{n} cut out uncertainly": ("{n} неясная", "{n} неясные", "{n} неясных"),
    "{n} too short": ("{n} короткая", "{n} короткие", "{n} коротких"),
    "{n} without a title": ("{n} без заголовка", "{n} без заголовка", "{n} без заголовка"),
    "{n} outside your topics": ("{n} не по теме", "{n} не по теме", "{n} не по теме"),
    "{n} less important": ("{n} менее важная", "{n} менее важные", "{n} менее важных"),
    "Keywords: {names}": "Ключевые слова: {names}",
    "first printed on {date}": "впервые {date}",
    "beginning missing": "начало утрачено",
    "beginning missing, from {page}": "начало утрачено, см. {page}",
    "end missing": "конец утрачен",
    "end missing, continued on {page}": "конец утрачен, продолжение: {page}",
    "{source} adds: ": "{source} добавляет: ",
    " and {n} more": (" и ещё {n}", " и ещё {n}", " и ещё {n}"),
    "Unsubscribe": "Отписаться",
}


def translate_into_russian(folder: Path) -> None:
    """Fill the catalogues, with the plural forms and date patterns of the recipe itself."""
    stories = tuple(re.findall(r'msgstr\[\d\] "(.*)"', RECIPE))
    (patterns,) = re.findall(r"Russian dates are\s+(.*?)\.\n", RECIPE)
    dates = iter(re.findall(r"`(.*?)`", patterns))
    for domain in EDITION_DOMAINS:
        messages = read_catalog("ru", domain, folder)
        for message in messages:
            key = message.id if isinstance(message.id, str) else message.id[0]
            if message.context == "date":
                message.string = next(dates)
            elif key == "{n} story":
                message.string = stories
            elif key:
                message.string = RUSSIAN[key]
        write_catalog("ru", domain, messages, folder)


def test_the_recipe_for_a_language_works_for_russian(russian: Path) -> None:
    missing = update_catalogues(russian)
    assert "ru/digest.po: not translated: 'Nothing new today. Until next time.'" in missing
    assert missing
    assert all(line.startswith("ru/") for line in missing)
    assert match_language("ru-RU") == "ru"
    translate_into_russian(russian)
    assert update_catalogues(russian) == []
    words = find_wording("ru")
    counted = {n: words.format_story_count(n) for n in (1, 3, 5, 11, 21, 104)}
    assert counted == {
        1: "1 новость",
        3: "3 новости",
        5: "5 новостей",
        11: "11 новостей",
        21: "21 новость",
        104: "104 новости",
    }
    assert words.format_with_weekday(date(2026, 11, 22), year=True) == "воскресенье, 22 ноября 2026 г."
    assert words.format_month(date(2026, 11, 22)) == "ноябрь 2026"
