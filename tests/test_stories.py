"""Articles → stories: one event once, and nothing told twice."""

from dataclasses import replace

from bot.models import Article
from bot.stories import clusters

CENTRE = Article(
    title="县急救中心今日启用 全县急救半径缩至十五分钟",
    text="今天上午8时，县急救中心在城东新区正式启用。中心总投资1.26亿元，建筑面积1.8万平方米，配备12辆救护车，与6个乡镇急救站联网运行，"
    "全县急救呼叫的平均到达时间由27分钟缩短到15分钟。",
)
CENTRE_ELSEWHERE = Article(
    title="急救中心启用 急救平均到达时间缩至15分钟",
    text="总投资1.26亿元的县急救中心20日启用。过去，山里的病人要等县城派车；现在，6个乡镇急救站都有医护人员值守。县卫健局测算，"
    "急救车的平均到达时间由27分钟缩短到15分钟。12辆救护车当天上路。",
)
POMELOS = Article(
    title="蜜柚首次出口新加坡",
    text="11月19日下午，两个装满蜜柚的冷藏集装箱从青湾镇驶出。这批蜜柚共46吨，货值38万元，是全县蜜柚第一次走出国门。",
)


def test_one_event_in_different_words_is_one_story():
    assert clusters([CENTRE, POMELOS, CENTRE_ELSEWHERE]) == ((CENTRE_ELSEWHERE, CENTRE), (POMELOS,))


def test_a_told_event_is_not_told_again_in_other_words():
    assert clusters([CENTRE_ELSEWHERE, POMELOS], told=[CENTRE]) == ((POMELOS,),)


def test_a_whole_article_goes_before_one_that_is_cut():
    cut = replace(CENTRE_ELSEWHERE, cut_tail=True)
    assert clusters([cut, CENTRE]) == ((CENTRE, cut),)


def test_of_nothing_comes_nothing():
    assert clusters([]) == ()
    assert clusters([], told=[CENTRE]) == ()
