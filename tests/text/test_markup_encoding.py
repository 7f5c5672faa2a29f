"""The bytes of feeds and pages become text in the encoding that they are in, whatever is declared."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.markup_encoding import decode_markup

PAGE = "临溪县急救中心11月20日启用。\n全县急救半径缩短到15分钟，乡镇设了6个急救站，配备12辆救护车。\n" * 3
TRADITIONAL = (
    "臨溪縣急救中心啟用，全縣急救半徑縮短到十五分鐘。鄉鎮設了六個急救站，配備十二輛救護車，投資一億元。\n" * 3
)
JAPANESE = "昨日、町立救急センターが開所した。救急車は十二台で、到着までの時間は十五分に短縮された。人々は六年間待ちました。"  # noqa: E501
KOREAN = (
    "어제 군립 응급센터가 문을 열었다. 구급차는 열두 대이고, 도착까지 "
    "걸리는 시간은 십오 분으로 줄었다. 주민들은 육 년을 기다렸다."
)
RUSSIAN = "В понедельник в уезде открыт новый центр скорой помощи, которого жители ждали шесть лет."
GREEK = "Το νέο κέντρο πρώτων βοηθειών άνοιξε τη Δευτέρα στην πόλη, και οι κάτοικοι περίμεναν έξι χρόνια."
FRENCH = (
    "Le nouveau centre d’urgence a été ouvert à Orléans ; la façade, "
    "très claire, a coûté près de dix millions d’euros à l’État."
)
CZECH = (
    "Nové středisko záchranné služby bylo otevřeno v pondělí a obyvatelé "
    "na ně čekali šest let; příjezd trvá patnáct minut."
)
TURKISH = (
    "Yeni acil yardım merkezi pazartesi günü açıldı; sakinler altı "
    "yıl beklemişti, şoförler çağrıya dokuz dakikada ulaştı."
)
THAI = "ศูนย์ฉุกเฉินแห่งใหม่เปิดทำการเมื่อวันจันทร์ ชาวบ้านรอมาหกปีแล้ว"
LINES = {"gb18030": PAGE, "euc_kr": KOREAN, "euc_jp": JAPANESE}


def put_into_feed(text: str, declaration: str = "") -> str:
    beginning = f'<?xml version="1.0"{declaration}?><rss version="2.0"><channel><title>T</title>'
    return (
        f"{beginning}<item><title>{text[:20]}</title><description>{text}</description></item></channel></rss>"
    )


@pytest.mark.parametrize(
    "declared", ["", "utf-8", "gb2312", "big5", "iso-8859-1", "nonsense", "base64", "\x00"]
)
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (PAGE, "utf-8"),
        (PAGE, "gb18030"),
        (TRADITIONAL, "big5"),
        (PAGE, "utf-16"),
        ("<?xml?>" + PAGE, "utf-16-le"),
    ],
)
def test_markup_is_read_in_its_real_encoding_whatever_is_declared(text, encoding, declared):
    assert decode_markup(text.encode(encoding), declared) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Un café très fréquenté à Orléans.", "iso-8859-1"),
        ("Центр скорой помощи открылся.", "cp1251"),
        ("救急センターが開所した。", "shift_jis"),
        ("응급센터가 문을 열었다.", "euc-kr"),
        ("救急センターが開所した。", "iso-2022-jp"),
        ("응급센터가 문을 열었다.", "iso-2022-kr"),
        ("急救中心启用。", "hz"),
    ],
)
def test_markup_in_other_encodings_is_read_where_they_are_declared(text, encoding):
    assert decode_markup(text.encode(encoding), encoding) == text
    assert decode_markup(f"<meta charset={encoding}>{text}".encode(encoding)).endswith(text)


@given(st.binary(), st.text(max_size=12))
def test_any_markup_becomes_some_text(data, charset):
    assert isinstance(decode_markup(data, charset), str)


def test_a_broken_character_does_not_spoil_the_rest():
    data = PAGE.encode().replace("急救".encode(), b"\xe6\x80", 1)
    assert decode_markup(data).count("急救") == PAGE.count("急救") - 1


@pytest.mark.parametrize("declared", ["", "utf-8"])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (PAGE, "gb18030"),
        (TRADITIONAL, "big5"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "euc_kr"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (GREEK, "cp1253"),
        (FRENCH, "cp1252"),
        (CZECH, "cp1250"),
        (TURKISH, "cp1254"),
        (THAI, "cp874"),
    ],
)
def test_an_encoding_that_is_not_declared_is_found_by_its_common_characters(text, encoding, declared):
    feed = put_into_feed(text, f' encoding="{declared}"' if declared else "")
    assert decode_markup(feed.encode(encoding), declared) == feed


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", ""])
@pytest.mark.parametrize(
    ("text", "encoding"), [(PAGE, "gb18030"), (TRADITIONAL, "big5"), (JAPANESE, "shift_jis"), (PAGE, "utf-8")]
)
def test_one_broken_byte_costs_a_character_and_not_the_page(text, encoding, declared):
    feed = put_into_feed(text * 3)
    middle = len(feed[: feed.index("<description>") + 40].encode(encoding))
    data = feed.encode(encoding)
    decoded = decode_markup(data[:middle] + b"\xff" + data[middle:], declared)
    assert decoded.count("\ufffd") <= 2
    assert decoded[:60] == feed[:60]
    assert decoded[-60:] == feed[-60:]


def test_a_single_accent_follows_the_declaration():
    data = "<p>Café</p>".encode("iso-8859-2")
    assert decode_markup(data, "iso-8859-2") == "<p>Café</p>"


@pytest.mark.parametrize(
    ("text", "encoding", "place"),
    [
        ("在旧址工作三十年的老医生何雨桐剪了彩。", "gb18030", 15),
        ("旧址将改为护士学校", "gb18030", 4),
        ("首批救护车当天上岗", "gb18030", 1),
        ("주민들은여섯해를기다렸다", "euc_kr", 6),
        ("人々は六年待ちました。", "euc_jp", 4),
    ],
)
@pytest.mark.parametrize("byte", [b"\xc1", b"\xfe"])
def test_a_byte_too_many_in_a_short_line_does_not_tear_the_rest(text, encoding, place, byte):
    data = "".join(f"<p>{line}</p>" for line in (LINES[encoding], text, LINES[encoding])).encode(encoding)
    torn = data.index(text[place:].encode(encoding))
    decoded = decode_markup(data[:torn] + byte + data[torn:])
    line = decoded.split("<p>")[2].split("</p>")[0]
    assert sum(character in line for character in text) >= len(text) - 3
    assert "\ufffd" not in line


@pytest.mark.parametrize("text", ["朱镕基", "这一天朱镕基到了喆里", "在陶喆家里", "李旼旼旼珉珉珉"])
def test_rare_characters_with_a_half_below_0xa1_are_not_taken_for_torn_ones(text):
    page = f"<meta charset=gbk><p>{text}</p><p>{PAGE}</p>"
    assert decode_markup(page.encode("gbk")) == page


@pytest.mark.parametrize(("text", "encoding"), [(PAGE, "gb18030"), (KOREAN * 3, "euc_kr")])
def test_a_lost_half_of_a_character_does_not_tear_those_behind_it(text, encoding):
    plain = re.sub(r"[0-9 ,.\n]", "", text)
    data = put_into_feed(plain).encode(encoding)
    place = data.index(b"<description>") + len("<description>") + 21
    decoded = decode_markup(data[:place] + data[place + 1 :])
    assert plain[16:] in decoded
