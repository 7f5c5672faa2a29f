"""Pages that stand before an article are told from articles."""

import pytest

from bot.sources.html.gates import is_gate_page
from bot.sources.html.prose import Prose


@pytest.mark.parametrize(
    "text",
    [
        "One moment, please.\nThis site checks your browser. Please allow cookies and JavaScript to go on.",
        "We use cookies and data to deliver our services.\nIf you accept, "
        "we will also use data to personalise ads.",
        "Please sign in to your account.\nForgotten your password? You can register here.",
        "正在进行安全验证，请稍候。\n请在浏览器中完成人机验证后继续访问本站。",
        "请登录您的账号。\n您还没有会员账号？请先注册。",
        "Wir und unsere 90 Partner speichern Cookies auf Ihrem Gerät.\nBitte stimmen Sie dem Zugriff zu.",
        "Nous vérifions que vous êtes un humain.\nVeuillez activer les cookies pour continuer.",
        "Estamos verificando su navegador.\nPor favor, active las cookies y el acceso a datos.",
        "Мы проверяем ваш браузер.\nПожалуйста, войдите в аккаунт.",
        "ブラウザを確認しています。クッキーを有効にしてください。",
    ],
)
def test_checks_forms_and_logins_are_gates(text):
    assert is_gate_page(Prose(paragraphs=tuple(text.split("\n"))))


@pytest.mark.parametrize(
    "text",
    [
        "The council voted on Tuesday.\nThe mayor said that the second building would follow next year.",
        "The state forbids cookies without consent.\nParliament voted for "
        "the law on Monday, and it holds from May.",
        "应临溪市政府邀请，北泽市市长将于本月访问临溪。",
        "市人大常委会审议提请表决的网络安全条例草案。\n会议决定下月再次审议。",
        "代表团正在青岭镇访问，申请参观的学校有十二所。",
        "Der Stadtrat von Linxi hat am Dienstag über Daten zum Verkehr beraten.\nEin Abkommen folgt im März.",
        "县公安局通报一起盗取账号密码的案件。\n警方抓获三名嫌疑人，涉案金额十二万元。",
    ],
)
def test_articles_are_none(text):
    assert not is_gate_page(Prose(paragraphs=tuple(text.split("\n"))))


def test_a_long_text_about_the_same_is_none():
    assert not is_gate_page(Prose(paragraphs=("Please allow cookies in your browser.",) * 100))
