"""What is taken where sentences are counted."""

from summarizer import summarize


def test_a_sentence_that_looks_back_is_not_taken_without_the_one_before() -> None:
    text = (
        "清河大桥今天通车。\n大桥连接清河两岸。\n此外，大桥两岸还种了树，清河两岸大桥边绿树成荫。\n"
        "清河两岸群众称赞大桥。"
    )
    taken = [sentence.number for sentence in summarize(text, language="zh", sentences=2).sentences]
    assert 2 not in taken or 1 in taken


def test_the_end_of_a_first_paragraph_tells_what_it_is_about() -> None:
    text = (
        "春和景明，花开烂漫。人们走出家门踏青赏花，尽享美丽春光。\n在南宁，人们赏花拍照。\n"
        "在西平，踏青的人们走进海棠长廊。\n在宁波，赏花的人们流连忘返。"
    )
    assert summarize(text, language="zh", sentences=1).display == "人们走出家门踏青赏花，尽享美丽春光。"
