"""What an editor would keep, in 120 characters, of articles written for this test: facts in, slogans out."""

import pytest

from summarizer import summarize

WATER = (
    "我县农村饮水工程全面完工",
    "清河县讯 3月5日，我县农村饮水提升工程全面完工，32个村的1.8万名群众喝上了自来水。\n"
    "县水务局深入贯彻上级重要讲话精神，高举为民旗帜，奋力谱写新篇章。\n"
    "工程总投资4600万元，新铺管道210公里，新建水厂2座，日供水能力达到8000吨。“以前要走两里路挑水。”村民老周说。\n"
    "下一步，县里将建立管护队伍，每村配备一名水管员，水价统一为每吨2.4元。\n"
    "（融媒体 王一 通讯员 李二）",
    ("32个村的1.8万名群众", "4600万元"),
)
MEETING = (
    "县委经济工作会议召开",
    "本报清河12月24日讯 12月23日，县委经济工作会议召开。"
    "会议认真贯彻全会精神，全面贯彻新思想，总结今年工作，部署明年任务。\n"
    "会议强调，要统一思想，坚定信心，抓好落实。\n"
    "明年重点抓好三件事。\n"
    "一是新建标准厂房20万平方米。用地指标优先保障。\n"
    "二是改造老旧小区16个。让群众住得安心。\n"
    "三是修通县城到高铁站的快速路。力争十月通车。\n"
    "会议强调，要统筹推进城乡协调发展，加快",
    ("县委经济工作会议召开", "一是新建标准厂房20万平方米。", "二是改造老旧小区16个。", "三是修通"),
)


@pytest.mark.parametrize(("title", "text", "kept"), [WATER, MEETING], ids=["facts", "a list"])
def test_an_editor_would_keep_the_same(title: str, text: str, kept: tuple[str, ...]) -> None:
    shown = summarize(text, title=title, characters=120).display
    assert len(shown) <= 120
    assert [piece for piece in kept if piece not in shown] == []
    for unwanted in ("县讯", "本报", "奋力谱写", "融媒体", "加快"):
        assert unwanted not in shown
