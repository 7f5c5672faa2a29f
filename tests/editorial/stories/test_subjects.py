"""Retellings in free words are one story where both name the same rare subject; a series is not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.editorial.stories.grouping import group_stories
from bot.editorial.stories.traits import extract_traits
from bot.models import Article

MORNING = datetime(2026, 11, 30, 1, tzinfo=UTC)
# Other news of the days, so that usual words are usual ones.
FILLERS = (
    (
        "冬小麦长势良好",
        "农业农村局技术员介绍，全市冬小麦播种面积稳定，苗情好于去年同期，下一步将做好越冬管理。",
    ),
    (
        "地铁二号线试运行",
        "轨道交通集团表示，列车按图行驶三个月后将组织专家评审，沿线各站的安检设备已经到位。",
    ),
    ("社区食堂受欢迎", "街道办事处负责人说，老人刷卡就能吃上热饭，菜品每周更换，有关部门将继续增加网点。"),
    ("图书馆延长开放", "馆长介绍，自习室座位增加后仍然坐满，周末读者最多，有关负责人表示将继续改进服务。"),
    ("河道清淤完工", "水务局介绍，清出的淤泥用于还田，两岸步道同步修好，下一步将组织力量进行日常维护。"),
    (
        "中学生足球赛开幕",
        "体育局负责人表示，比赛持续两周，各校代表队将在三个场地同时举行小组赛，欢迎市民观看。",
    ),
)
RETELLINGS = {
    "a regulation and its explanation": (
        Article(
            title="《临溪市居家养老服务促进条例》公布",
            text="市人大常委会今天公布《临溪市居家养老服务促进条例》，自明年起施行。条例共七章，对助餐、助浴和上门看护作出规定，明确街道的职责。",
        ),
        Article(
            title="让老人在家门口安心养老",
            text="《临溪市居家养老服务促进条例》日前公布。家里的床位怎么改、上门看护谁付钱？民政局有关负责人逐条解读，"
            "说子女每年可以多休五天假照顾父母，物业公司也要帮忙装扶手。",
        ),
    ),
    "an opening and a feature about it": (
        Article(
            title="首届沧江皮影艺术节在青岭镇开幕",
            text="首届沧江皮影艺术节昨天在青岭镇开幕，来自六省的二十个戏班将演出十天，市领导到场祝贺。",
        ),
        Article(
            title="灯影里的老手艺",
            text="幕布一亮，锣鼓响起，孩子们挤到台前。首届沧江皮影艺术节的第一个晚上，七十岁的戏班班主演了《白蛇传》。"
            "他说，在青岭镇演出，台下坐的都是懂戏的人。",
        ),
    ),
}
SERIES = {
    "two guests of one host": (
        Article(
            title="市长会见友好城市北泽市代表团",
            text="市长今天上午在青岭宾馆会见来访北泽市代表团，双方谈到旅游和学生交流。北泽盛产苹果，冬天有冰灯节，代表团里的果农想看看大坪乡的滴灌果园。",
        ),
        Article(
            title="市长会见友好城市南屏市代表团",
            text="市长今天下午在青岭宾馆会见来访南屏市代表团，双方谈到港口和水产。南屏的渔船今秋换了电动机，船厂厂长带来图纸，想在下游合建一座修船坞。",
        ),
    ),
    "two hosts of one guest": (
        Article(
            title="副市长会见北泽市市长高桥健一郎",
            text="副市长今天会见北泽市市长高桥健一郎一行，介绍了新港口的冷库和铁路，问起北泽鲑鱼的养法，约定明春派渔民去学，并商量开一班货船。",
        ),
        Article(
            title="大学校长会见北泽市市长高桥健一郎",
            text="临溪大学校长今天会见北泽市市长高桥健一郎一行，谈到每年交换四十名学生，图书馆互赠旧报缩微胶卷，还请客人在礼堂讲了雪国小城怎样留住年轻人。",
        ),
    ),
    "two laws of one session": (
        Article(
            title="《临溪市古树名木保护条例》公布",
            text="市人大常委会今天公布《临溪市古树名木保护条例》，百年以上的银杏和香樟都要挂牌，谁想移栽先得请专家看过，偷剪一枝罚五千，村口老槐也有了身份证。",
        ),
        Article(
            title="《临溪市餐厨垃圾管理条例》公布",
            text="市人大常委会今天公布《临溪市餐厨垃圾管理条例》，饭馆的泔水每晚称重装桶，由专车拉走做成沼气，私自卖给养猪户的停业三天，摊贩按桶交钱。",
        ),
    ),
}


def list_fillers() -> Iterator[Article]:
    for title, text in FILLERS:
        yield Article(title=title, text=text, published_at=MORNING)


def are_joined(one: Article, other: Article, days: int = 0) -> bool:
    pair = [
        replace(one, published_at=MORNING),
        replace(other, published_at=MORNING + timedelta(days=days)),
    ]
    first, second, *_ = group_stories([extract_traits(each) for each in (*pair, *list_fillers())])
    return first == second


@pytest.mark.parametrize("pair", RETELLINGS.values(), ids=list(RETELLINGS))
def test_retellings_that_name_one_subject_are_one_story(pair: tuple[Article, Article]) -> None:
    assert are_joined(*pair)
    assert are_joined(*reversed(pair))


@pytest.mark.parametrize("pair", RETELLINGS.values(), ids=list(RETELLINGS))
def test_a_subject_that_comes_back_days_later_is_other_news(pair: tuple[Article, Article]) -> None:
    assert not are_joined(*pair, days=4)


@pytest.mark.parametrize("pair", SERIES.values(), ids=list(SERIES))
def test_reports_of_a_series_stay_apart(pair: tuple[Article, Article]) -> None:
    assert not are_joined(*pair)
