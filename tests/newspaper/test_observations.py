"""Names of observations are keys: one without a row of weights says nothing, a row that nothing names is
dead.
"""

from pathlib import Path

from bot.newspaper.heading_words import load_table
from bot.newspaper.labels import NO_HEADING, RULED, load_weights
from bot.newspaper.splitting import find_asides, observe_pieces, read_pieces

ROOT = Path(__file__).parents[2]
# What no sample page prints, piece by piece.
RARE = """
县乡村振兴局关于公开征集意见的公告
（办实事 解民忧）
村里修好了路（办实事 解民忧）
张 鹏
四级干部会议召开
周明远出席并讲话
周明远强调
县里的工作怎么办——
，所以大家都说好。
他说：
“路修好了。”
图为新修的路。
县城举办灯会 周明远出席并讲话
村里修路，家家受益
全县修路186公里
第3计
"""
TEXT = "路修好了，大家都说好。" * 8
# Pages whose habits no sample has: sub-headings built alike, authors below headings, a county's own paper.
BUILT_ALIKE = f"抗洪\n\n{TEXT}\n\n城东区 冲锋在前\n\n{TEXT[9:]}\n\n城西区 守在堤上\n\n{TEXT[20:]}"
AUTHORS = f"春茶\n\n◆ 何建明\n\n{TEXT}\n\n夏荷\n\n◆ 周立民\n\n{TEXT[9:]}"
OF_A_COUNTY = "我县昨天开会。我县今天修路。"


def observe_text(text: str) -> set[str]:
    pieces = read_pieces(text)
    asides = find_asides(pieces)
    kept = [i for i, why in enumerate(asides) if not why]
    return {name for evidence in observe_pieces(pieces, kept, asides) for name, _ in evidence}


def list_samples() -> list[str]:
    paths = [*(ROOT / "tests/newspaper/data").rglob("*.txt"), *(ROOT / "seeds").rglob("*.txt")]
    return [path.read_text(encoding="utf-8") for path in paths]


def list_rare() -> list[str]:
    lines = RARE.split("\n")
    pairs = ["\n\n".join((above, below, TEXT)) for above in lines for below in lines]
    return [RARE, "\n".join(reversed(lines)), BUILT_ALIKE, AUTHORS, *pairs]


SEEN = set().union(*map(observe_text, [*list_samples(), *list_rare()]))


def test_each_observation_has_a_row_of_weights() -> None:
    """One that has none was renamed or is new: run tests/benchmarks/pages/fit.py."""
    assert SEEN - set(load_weights()[0]) - {*NO_HEADING, *RULED} == set()


def test_each_row_of_weights_belongs_to_an_observation() -> None:
    of_counties = (observe_text(f"{page}\n\n{OF_A_COUNTY}") for page in list_rare())
    assert set(load_weights()[0]) - set(load_table()) - SEEN.union(*of_counties) == set()
