"""Pages that stand before an article: checks of the browser, consent forms, logins."""

import re

from bot.sources.html.prose import Prose

_MAX_CHARACTERS = 3_000  # of such a page; a longer text is about something
_MIN_SHARE = 0.5  # share of sentences about access that address the visitor
_SENTENCE = re.compile(r"[^。！？.!?]+[。！？.!?]*")
_SUBJECT = re.compile(
    r"\b(?:cookies?|javascript|browser|captcha|robots?|bots?|security|connection|consent|"
    r"personali[sz]ed|advertis\w+|ads|"
    r"data|privacy|log ?in|sign ?in|sign ?up|password|account|subscri\w+|register\w*|access|"
    r"requests?|blocked|attacks?|"
    r"protects?|automated|unusual|"
    r"verif\w+|human|permission|vpn|proxy|traffic|page"
    r"|navegador|navigateur|kontos?|passwort|mot de passe|contraseña|datenschutz\w*|privatsphäre"
    r"|einwilligung\w*|anmeld\w*|einloggen|connexion|compte|inscri\w+|abonn\w*|abo|cuenta|suscri\w+|privacidad|datos|données|"
    r"confidentialité|vérifi\w+|humain|consentement|partenaires?|partner|überprüf\w*|zugriff\w*|mensch|"
    r"verificación|humano|acceso|accesso|browser\w*|privacidade|dados|gegevens|privacy\w*|toestemming|konto|"
    r"hasło|przegląd\w+|zgod\w+|браузер\w*|провер\w+|войти|вход|парол\w+|аккаунт\w*|согласи\w+)\b"
    r"|ブラウザ|ログイン|クッキー|同意|アカウント|パスワード|ロボット|브라우저|로그인|쿠키|동의|계정|비밀번호|로봇"
    r"|浏览器|验证|人机|机器人|登录|登陆|注册|账号|帐号|密码|会员|隐私|同意|访问|安全|请求|刷新|网络",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\b(?:you|your|we|our|us|this site|this page|this website|please|is checking|are you)\b"
    r"|\b(?:sie|ihren?|ihrem|ihrer|wir|unsere\w?|bitte|diese (?:seite|website)|vous|votre|vos|nous|veuillez"
    r"|activez|usted|tus?|su|sus|nosotros|nuestr\w+|por favor|seu|sua|você|nós|voi|vostro|tuo|noi|u|uw|wij"
    r"|onze|twoj\w+|proszę|nasz\w*|вы|ваш\w*|вас|мы|наш\w*|пожалуйста)\b|ください|お客様|当サイト|주세요|십시오|귀하|당사"
    r"|您|你|本站|本网站|(?<![邀申提聘宴报约])请(?!求|假|示|辞|愿)|正在(?:验证|检[查测]|确认|加载|跳转)",
    re.IGNORECASE,
)


def is_gate_page(body: Prose) -> bool:
    """Return whether a text asks for a check of the browser, a consent or a login, and says nothing else.

    >>> is_gate_page(Prose(paragraphs=("We use cookies.", "Please sign in to your account to go on.")))
    True
    """
    text = body.text
    if len(text) > _MAX_CHARACTERS:
        return False
    sentences = [part for line in body.paragraphs for part in _SENTENCE.findall(line) if part.strip()]
    about = [part for part in sentences if _SUBJECT.search(part) and _ADDRESS.search(part)]
    return bool(sentences) and sum(map(len, about)) >= _MIN_SHARE * sum(map(len, sentences))
