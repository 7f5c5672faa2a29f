"""Electronic newspapers as three systems lay them out, written for the tests: paths → pages."""

from datetime import date

DAY = date(2026, 11, 20)
NAMES = ("要闻", "综合", "文体")
BODY = "".join(
    f"<p>青溪水库扩建工程今天下闸蓄水，总库容由两千一百万立方米增加到五千八百万立方米，{place}从此不再缺水。记者在坝上看到，水位正在缓缓上涨。</p>"
    for place in ("石门镇", "双河镇", "青湾镇")
)
Paper = dict[str, bytes]


def titles(page: int) -> list[str]:
    return [f"临溪县第{page}版的头条消息", f"三言两语{page}", f"第{page}号通告：县城东路封闭施工"]


def content(title: str, beside: str = "") -> str:
    return (
        f"<html lang='zh'><head><title>临溪日报</title></head><body>{beside}<h2>{title}</h2><div "
        f"id='ozoom'>{BODY}</div></body></html>"
    )


def founder(day: date = DAY) -> Paper:
    """node_#.htm and content_#.htm, the articles as areas of the page's picture too; in UTF-8."""
    root = f"/html/{day:%Y-%m/%d}"
    found: Paper = {}
    listed = "".join(
        f"<tr><td><a id='pageLink' href='node_{n}.htm'>第0{n}版：{name}</a></td><td><a "
        f"href='../../page/{n}.pdf'><img src='pdf.gif'></a></td></tr>"
        for n, name in enumerate(NAMES, 1)
    )
    for n in range(1, len(NAMES) + 1):
        rows = list(enumerate(titles(n), 100 * n))
        areas = "".join(f"<area coords='1,2,3,4' shape='polygon' href='content_{i}.htm'>" for i, _ in rows)
        links = "".join(
            f"<li><a href='content_{i}.htm'><div id='mp{i}'>{title}</div></a></li>" for i, title in rows
        )
        turn = (
            f"<a href='node_{n + 1}.htm'>下一版</a><a href='../19/node_1.htm'>上一期"
            f"</a><a href='/'>返回首页</a>"
        )
        found[f"{root}/node_{n}.htm"] = (
            f"<html><head><title>临溪日报数字报</title></head><body><table>{listed}</table>{turn}<map "
            f"name='pagepicmap'>{areas}</map>"
            f"<ul>{links}<li><a href='content_{n}99.htm'>广告</a></li></ul><p><a "
            f"href='/about_1.htm'>关于本报的一些说明文字和联系方式</a></p></body></html>"
        ).encode()
        found |= {
            f"{root}/content_{i}.htm": content(title, f"<table>{listed}</table>").encode()
            for i, title in rows
        }
    return found


def tables(day: date = DAY) -> Paper:
    """A01.htm and A01-1.htm, all in tables; in GB18030 and saying gb2312."""
    root = f"/{day:%Y%m%d}"
    head = (
        "<html><head><meta http-equiv='Content-Type' content='text/html; "
        "charset=gb2312'><title>临溪晚报</title></head>"
    )
    listed = "".join(f"<tr><td><a href=A0{n}.htm>A0{n} {name}</a>" for n, name in enumerate(NAMES, 1))
    found: Paper = {}
    for n in range(1, len(NAMES) + 1):
        rows = list(enumerate(titles(n), 1))
        links = "".join(f"<tr><td>·<td><a href=A0{n}-{i}.htm>{title}</a>" for i, title in rows)
        found[f"{root}/A0{n}.htm"] = f"{head}<body><table>{listed}</table><table>{links}</table>".encode(
            "gb18030"
        )
        found |= {f"{root}/A0{n}-{i}.htm": content(title).encode("gb18030") for i, title in rows}
    return found


def modern(day: date = DAY) -> Paper:
    """Lists and identifiers, a page's number and name in elements of their own."""
    root = f"/paper/{day:%Y/%m/%d}"
    listed = "".join(
        f"<li><a href='{root}/{n}'><span>第{n:02}版</span><b>{name}</b></a></li>"
        for n, name in enumerate(NAMES, 1)
    )
    found: Paper = {}
    for n in range(1, len(NAMES) + 1):
        rows = [(f"{n}f3ac29b{i}e0d4417", title) for i, title in enumerate(titles(n))]
        links = "".join(
            f"<li><a href='{root}/detail/{key}' title='{title}'><em>{title}</em></a></li>"
            for key, title in rows
        )
        menu = "".join(f"<li><a href='/channel/{k}'>临溪新闻网的第{k}个频道名称</a></li>" for k in range(12))
        found[f"{root}/{n}"] = (
            f"<!doctype html><html><head><title>临溪快报</title></head><body><header><ul>{menu}</ul></hea"
            f"der><ul class='pages'>{listed}</ul><ul class='news'>{links}</ul></body></html>"
        ).encode()
        found |= {f"{root}/detail/{key}": content(title).encode() for key, title in rows}
    return found


LAYOUTS = {
    "founder": (founder, "/html/{day:%Y-%m/%d}/node_1.htm"),
    "tables": (tables, "/{day:%Y%m%d}/A01.htm"),
    "modern": (modern, "/paper/{day:%Y/%m/%d}/1"),
}
