"""`zhaibao split` and `zhaibao summarize`: what they print, and what they say of what they cannot read."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas
from rich.cells import cell_len

from tests.cli.conftest import PAGE, TEXT, TWO_ARTICLES, Shell
from tests.sources.printing import Paper

SAMPLES = Path(__file__).parents[2] / "seeds" / "pages"
ENGLISH = (
    "The dam broke on Monday. It was raining hard. The dam broke in heavy rain, and the valley was evacuated."
)


def rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "2026-01-15-01.txt"
    path.write_text(PAGE, "utf-8")
    return path


# split


def test_a_page_comes_apart_as_json(zhaibao: Shell, page: Path) -> None:
    ended = zhaibao("split", page, "--json")
    (row,) = rows(ended.out)
    (article,) = row["articles"]
    assert (ended.status, ended.err, row["page"]) == (0, "", "2026-01-15-01")
    assert article["title"] == "全县冬季供暖提前三天达标"
    assert article["dateline"]
    assert "林晓溪" in article["byline"]
    assert article["paragraphs"][0].startswith("本报临溪1月14日讯")
    assert article["paragraphs"][-1] == "（记者 林晓溪）"
    assert (article["kicker"], article["deck"], article["cut_head"], article["cut_tail"]) == (
        "",
        "",
        False,
        False,
    )


def test_a_folder_means_its_pages_in_the_order_of_their_numbers(zhaibao: Shell, tmp_path: Path) -> None:
    for name in ("p10.txt", "p2.txt"):
        (tmp_path / name).write_text(PAGE, "utf-8")
    (tmp_path / "notes.md").write_text("no page", "utf-8")
    assert [row["page"] for row in rows(zhaibao("split", tmp_path, "--json").out)] == ["p2", "p10"]


def test_a_pdf_gives_a_line_a_page(zhaibao: Shell, tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "daily.pdf"))
    for text in ("The library opens its doors on Saturday.", "The dam broke in heavy rain."):
        canvas.drawString(50, 500, text)
        canvas.showPage()
    canvas.save()
    found = rows(zhaibao("split", tmp_path, "--json").out)
    assert [row["page"] for row in found] == ["daily-1", "daily-2"]
    assert found[1]["articles"][0]["paragraphs"] == ["The dam broke in heavy rain."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_both_encodings_are_read(zhaibao: Shell, page: Path, encoding: str) -> None:
    page.write_bytes(PAGE.encode(encoding))
    assert "全县冬季供暖提前三天达标" in zhaibao("split", page).out


def test_a_page_is_printed_as_an_editor_would_mark_it(zhaibao: Shell, page: Path) -> None:
    lines = [line.rstrip() for line in zhaibao("split", page).out.splitlines()]
    assert f"{page}: 1 article" in lines
    assert " furniture  临溪日报" in lines
    assert "     title  全县冬季供暖提前三天达标" in lines
    assert " signature  （记者 林晓溪）" in lines
    assert sum(line.startswith("         ¶  ") for line in lines) == 3


def test_torn_paragraphs_and_cuts_are_marked(zhaibao: Shell) -> None:
    out = zhaibao("split", SAMPLES / "2026-11-20-01.txt").out
    assert "         ⤷  病人先在当地得到处置，再由中心派车接应。" in out
    assert "         ✂  continued on 第三版" in out
    assert "         ✂  continued from another page" in out


def test_the_rest_of_an_article_says_with_which_page_it_goes(zhaibao: Shell) -> None:
    out = zhaibao("split", SAMPLES / "2026-11-20-01.txt", SAMPLES / "2026-11-20-03.txt").out
    assert out.count("         ✂  goes with its beginning on page 1") == 1
    assert "continued on 第三版" not in out


def test_a_folder_is_marked_in_one_document_with_its_pages_joined(zhaibao: Shell, tmp_path: Path) -> None:
    for options in ((), ("--json",)):
        zhaibao("split", SAMPLES, "--html", tmp_path / "pages.html", *options)
        html = (tmp_path / "pages.html").read_text("utf-8")
        assert html.count('<a href="#page-') == len(list(SAMPLES.glob("*.txt")))
        assert "goes with its beginning on page 1" in html


def test_nothing_is_cut_at_a_narrow_terminal(
    zhaibao: Shell, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.cli.printing import console

    monkeypatch.setattr(console, "_width", 60)
    out = zhaibao("split", page).out
    assert max(map(cell_len, out.splitlines())) <= 60
    printed = "".join(line.strip(" ¶⤷") for line in out.splitlines())
    for line in PAGE.splitlines()[3:]:
        assert line.replace(" ", "") in printed.replace(" ", "")


def test_nothing_is_wrapped_for_a_program_that_reads_along(zhaibao: Shell, page: Path) -> None:
    sentence = PAGE.splitlines()[4]
    assert any(sentence in line for line in zhaibao("split", page).out.splitlines())


# summarize


@pytest.mark.parametrize("source", ["text.txt", "-"])
def test_a_text_is_condensed_to_its_own_sentences(zhaibao: Shell, tmp_path: Path, source: str) -> None:
    (tmp_path / "text.txt").write_text(TEXT, "utf-8")
    ended = zhaibao("summarize", source, stdin=TEXT)
    assert ended.status == 0
    assert all(line in TEXT for line in ended.out.splitlines()[0].split("…"))


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("a.md", "# 老船厂重新开工\n\n{text}\n"),
        (
            "a.html",
            "<title>老船厂重新开工_临溪在线</title><nav>首页</nav><h1>老船厂重新开工</h1><p>{text}</p>",
        ),
        (
            "a.eml",
            "Subject: =?utf-8?b?6ICB6Ii55Y6C6YeN5paw5byA5bel?=\nContent-Type: text/plain; "
            "charset=utf-8\n\n{text}",
        ),
    ],
)
def test_a_document_is_condensed_without_its_marks(
    zhaibao: Shell, tmp_path: Path, name: str, document: str
) -> None:
    (tmp_path / name).write_text(document.format(text=TEXT), "utf-8")
    (row,) = rows(zhaibao("summarize", name, "--json").out)
    assert row["title"] == "老船厂重新开工"
    assert all(sentence["text"] in TEXT for sentence in row["sentences"])
    assert rows(zhaibao("summarize", name, "--json", "--title", "船").out)[0]["title"] == "船"


@pytest.mark.parametrize("text", [TEXT, f"\n\n　　{TEXT}\n \n{TEXT[:60]}。"])
def test_json_holds_exact_slices_and_what_they_are_about(zhaibao: Shell, text: str) -> None:
    (row,) = rows(zhaibao("summarize", "-", "--json", "--title", "老船厂重新开工", stdin=text).out)
    assert (row["title"], row["language"]) == ("老船厂重新开工", "zh")
    assert row["keywords"]
    assert row["sentences"]
    for sentence in row["sentences"]:
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]
        assert isinstance(sentence["score"], float)


def test_budgets_are_kept(zhaibao: Shell) -> None:
    (one,) = rows(zhaibao("summarize", "-", "--json", "--sentences", "1", stdin=TEXT).out)
    assert len(one["sentences"]) == 1
    (short,) = rows(zhaibao("summarize", "-", "--json", "--characters", "40", stdin=TEXT).out)
    assert sum(len(sentence["text"]) for sentence in short["sentences"]) <= 40


def test_why_tells_what_made_each_score(zhaibao: Shell) -> None:
    out = zhaibao("summarize", "-", "--why", "--sentences", "2", stdin=TEXT).out
    assert out.count("  characters ") == 2
    assert re.search(r"¶ 1  score \d+\.\d\d =", out)
    assert re.search(r"[+-]\d\.\d\d position", out)


def test_why_adds_up(zhaibao: Shell) -> None:
    out = zhaibao("summarize", "-", "--why", "--sentences", "2", "--title", "老船厂重新开工", stdin=TEXT).out
    scores = re.findall(r"score (-?\d+\.\d\d) =\n((?:  +[+-]\d.*\n)+)", out)
    assert len(scores) == 2
    for score, parts in scores:
        values = map(float, re.findall(r"[+-]\d+\.\d\d", parts))
        assert float(score) == pytest.approx(sum(values), abs=0.05)


def test_why_fits_a_terminal_of_80_columns(zhaibao: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.cli.printing import console

    monkeypatch.setattr(console, "_width", 80)
    text = f"{TEXT}\n县里的老船厂昨天重新开工！船厂停工已经十二年，由三家本地企业合股修复。"
    out = zhaibao("summarize", "-", "--why", "--characters", "80", stdin=text).out
    assert "it stands for “" in out
    assert max(map(cell_len, out.splitlines())) <= 80


def test_many_texts_keep_their_order_and_their_offsets(zhaibao: Shell) -> None:
    texts = {"1": TEXT, "2": f"{TEXT}\n\n{TEXT[:60]}  ", "3": ENGLISH, "4": "", "5": "……"}
    lines = "".join(
        json.dumps({"id": key, "title": "老船厂", "text": text}) + "\n" for key, text in texts.items()
    )
    found = rows(zhaibao("summarize", "--jsonl", "--characters", "80", stdin=lines).out)
    assert [row["id"] for row in found] == list(texts)
    for row in found:
        for sentence in row["sentences"]:
            assert texts[row["id"]][sentence["start"] : sentence["end"]] == sentence["text"]
    assert found[0]["sentences"]
    assert found[3]["sentences"] == []


def test_rows_of_many_may_have_any_id_and_blank_lines_between(zhaibao: Shell) -> None:
    nothing_said = {"id": None, "text": TEXT, "title": None, "language": None}
    lines = json.dumps({"id": 7, "text": TEXT}) + "\n\n" + json.dumps(nothing_said) + "\n"
    assert [row["id"] for row in rows(zhaibao("summarize", "--jsonl", stdin=lines).out)] == [7, None]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("no JSON", "line 1: is not JSON"),
        ("[1]", 'line 1: needs an object with "text"'),
        ('{"id": 1}', 'line 1: needs an object with "text"'),
        ('{"id": 1, "text": 5}', 'line 1: needs an object with "text"'),
        ('{"id": 1, "text": "x", "title": 5}', 'line 1: "title" is not a text'),
        ('{"id": 1, "text": "x", "language": ["zh"]}', 'line 1: "language" is not a text'),
        (b'{"id": 1, "text": "\xff\xfe"}', "line 1: is not JSON"),
    ],
)
def test_a_faulty_row_is_named(zhaibao: Shell, line: str | bytes, words: str) -> None:
    ended = zhaibao("summarize", "--jsonl", stdin=line)
    assert ended.status == 2
    assert words in ended.complaint


@pytest.mark.parametrize("workers", ["1", "2"])
def test_rows_before_a_faulty_one_are_answered(zhaibao: Shell, workers: str) -> None:
    good = json.dumps({"id": 7, "text": TEXT})
    ended = zhaibao("summarize", "--jsonl", "--workers", workers, stdin=f"{good}\nno JSON\n{good}\n")
    assert (ended.status, [row["id"] for row in rows(ended.out)]) == (2, [7])
    assert "line 2: is not JSON" in ended.complaint


# what cannot be read


@pytest.mark.parametrize("command", ["split", "summarize"])
@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("missing.txt", None, "there is no such file"),
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\xef\xbb\xbf \n", "is empty"),
        ("utf16.txt", PAGE.encode("utf-16"), "cannot be read as UTF-8 or GB18030"),
        (
            "latin.txt",
            "caf\xe9 cr\xe8me br\xfbl\xe9e \xe0 la carte".encode("latin-1") * 20,
            "cannot be read as UTF-8",
        ),
        ("nul.txt", b"abc\0def" + b"g" * 99, "cannot be read as UTF-8"),
        ("huge.txt", b"a" * 50_000_000, "is larger than 16 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(
    zhaibao: Shell, tmp_path: Path, command: str, name: str, data: bytes | None, words: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    ended = zhaibao(command, name)
    assert (ended.status, ended.out) == (2, "")
    assert name in ended.complaint
    assert words in ended.complaint


@pytest.mark.parametrize("option", [(), ("--json",)])
def test_one_bad_page_is_named_and_the_good_ones_are_printed(
    zhaibao: Shell, page: Path, tmp_path: Path, option: tuple[str, ...]
) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\0")
    ended = zhaibao("split", tmp_path / "bad.txt", page, *option)
    assert ended.status == 2
    assert "全县冬季供暖提前三天达标" in ended.out
    assert "bad.txt" in ended.complaint


def test_a_folder_without_pages_is_told(zhaibao: Shell, tmp_path: Path) -> None:
    assert "contains no *.txt, *.pdf, *.png, *.jpg or *.jpeg file" in zhaibao("split", tmp_path).complaint


@pytest.mark.parametrize("stdin", [b"", b"  \n", b"\xff\xfe\x00", b"a" * 20_000_000])
def test_standard_input_is_judged_as_files_are(zhaibao: Shell, stdin: bytes) -> None:
    ended = zhaibao("summarize", "-", stdin=stdin)
    assert ended.status == 2
    assert "standard input" in ended.complaint


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("summarize",), "give a file, an address, or -"),
        (("summarize", "-", "--sentences", "0"), "--sentences"),
        (("summarize", "-", "--sentences", "2", "--characters", "50"), "exclude each other"),
        (("summarize", "--jsonl", "text.txt"), "--jsonl reads standard input"),
        (("summarize", "--jsonl", "--language", "zh"), "its lines give titles"),
        (("summarize", "-", "--language", "xx"), "there is no language xx; the languages are "),
        (("summarize", "http://127.0.0.1/x"), "is not on the public internet"),
        (("summarize", "https://example.org:99999/x"), "example.org"),
        (("split",), "missing argument"),
    ],
)
def test_what_was_asked_wrongly_is_one_clear_line(
    zhaibao: Shell, arguments: tuple[str, ...], words: str
) -> None:
    ended = zhaibao(*arguments, stdin=TEXT)
    assert ended.status == 2
    assert words in ended.complaint


def test_split_reads_the_picture_of_a_page(zhaibao: Shell, tmp_path: Path) -> None:
    paper = Paper(columns=1, units=16, height=300)
    paper.line("水库扩建工程下闸蓄水", paper.left(0), 60, 48)
    paper.paragraphs(["青溪水库扩建工程今天下闸蓄水，总库容增加到五千八百万立方米。"], 0, 140)
    (tmp_path / "p.png").write_bytes(paper.png())
    (article,) = json.loads(zhaibao("split", "p.png", "--json").out)["articles"]
    assert article["title"] == "水库扩建工程下闸蓄水"
    assert article["paragraphs"] == ["青溪水库扩建工程今天下闸蓄水，总库容增加到五千八百万立方米。"]


def wrap(text: str, width: int) -> str:
    return "\n".join(
        line[i : i + width] for line in text.split("\n") for i in range(0, len(line), width) or [0]
    )


def test_hard_wrapped_lines_make_no_difference(zhaibao: Shell, tmp_path: Path) -> None:
    (tmp_path / "whole.txt").write_text(f"老船厂重新开工\n\n{TEXT}\n", "utf-8")
    (tmp_path / "wrapped.txt").write_text(wrap(f"老船厂重新开工\n\n{TEXT}\n", 20), "utf-8")
    whole, wrapped = (zhaibao("summarize", name).out for name in ("whole.txt", "wrapped.txt"))
    assert whole == wrapped
    assert whole.startswith("老船厂重新开工\n")
    texts = [f"老船厂重新开工\n\n{TEXT}", wrap(f"老船厂重新开工\n\n{TEXT}", 20)]
    lines = "\n".join(json.dumps({"id": number, "text": text}) for number, text in enumerate(texts))
    first, second = rows(zhaibao("summarize", "--jsonl", stdin=lines).out)
    assert [s["text"] for s in first["sentences"]] == [s["text"] for s in second["sentences"]]
    for text, row in zip(texts, (first, second), strict=True):
        for sentence in row["sentences"]:
            assert text[sentence["start"] : sentence["end"]].replace("\n", "") == sentence["text"]


def test_a_newspaper_page_is_condensed_article_by_article(zhaibao: Shell, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(TWO_ARTICLES, "utf-8")
    found = rows(zhaibao("summarize", "page.txt", "--json").out)
    assert [row["title"] for row in found] == ["全县冬季供暖提前三天达标", "县图书馆夜间开放到二十二时"]
    assert all(1 <= len(row["sentences"]) <= 2 for row in found)
    printed = zhaibao("summarize", "-", stdin=TWO_ARTICLES).out
    assert printed.index("全县冬季供暖") < printed.index("县图书馆夜间")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"PK\x03\x04\x14\x00" + bytes(200), "is an archive or office document, and no text"),
        (b"ID3\x03\x00" + bytes(range(256)), "is a sound recording, and no text"),
        (b"\x1f\x8b\x08" + bytes(range(256)), "is an archive, and no text"),
        (bytes(range(1, 256)) * 20, "is binary data, and no text"),
        (b"%PDF-1.3 nothing", "the PDF cannot be read"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "is no picture, or a damaged one"),
    ],
)
@pytest.mark.parametrize("name", ["file", "file.txt", "file.odd"])
def test_the_first_bytes_of_a_file_say_what_it_is(
    zhaibao: Shell, tmp_path: Path, data: bytes, expected: str, name: str
) -> None:
    (tmp_path / name).write_bytes(data)
    for ended in (zhaibao("summarize", name), zhaibao("summarize", "-", stdin=data)):
        assert ended.status == 2
        assert expected in ended.complaint
        assert ended.out == ""


def test_a_pdf_without_a_suffix_is_read_as_one(zhaibao: Shell, tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "document"))
    for line, text in enumerate(ENGLISH.split(". ")):
        canvas.drawString(72, 700 - 20 * line, f"{text.rstrip('.')}.")
    canvas.save()
    ended = zhaibao("summarize", "document")
    assert ended.status == 0
    assert "dam broke" in ended.out


def test_a_text_quoted_whole_is_printed_once(zhaibao: Shell) -> None:
    assert zhaibao("summarize", "-", stdin="hello\n").out == "hello\n"


def test_read_shows_what_a_file_holds_and_goes_on_after_a_bad_one(zhaibao: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"# 老船厂重新开工\n\n{TEXT}\n", "utf-8")
    (tmp_path / "2026-01-15.txt").write_text(TWO_ARTICLES, "utf-8")
    ended = zhaibao("read", "--json", "a.md", "none.txt", "2026-01-15.txt")
    document, missing, page = rows(ended.out)
    assert (document["path"], document["title"], document["text"]) == ("a.md", "老船厂重新开工", TEXT)
    assert document.keys() == {"path", "title", "byline", "published_at", "language", "text"}
    assert missing == {"path": "none.txt", "error": "none.txt: there is no such file"}
    assert [row["title"] for row in page["articles"]] == [
        "全县冬季供暖提前三天达标",
        "县图书馆夜间开放到二十二时",
    ]
    assert ended.status == 1
    plain = zhaibao("read", "a.md")
    assert (plain.status, plain.out) == (0, f"老船厂重新开工\n\n{TEXT}\n")
