"""Signing up, confirming, changing, leaving and being forgotten on the web."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from bot.subscribers.subscriber import Lookup, Subscriber, SubscriberState, SubscriptionState
from tests.web.conftest import ADDRESS, Pages

LI = "li@example.org"


def send_form(browser: TestClient, address: str = LI, **fields: str) -> str:
    """Fill in the form as a person does; return the answer's text."""
    page = browser.get("/subscribe").text
    (token,) = re.findall(r'name="token" value="([^"]+)"', page)
    data = {"token": token, "address": address, "digest": "daily", "time": "", "website": "", **fields}
    return str(browser.post("/subscribe", data=data).text)


def find_link(pages: Pages, number: int = 0) -> str:
    """Return the path of the link in a mail."""
    mail = pages.list_mails()[number][2]
    (link,) = set(re.findall(rf"{ADDRESS}(/\S+)", mail.text))
    assert f'href="{ADDRESS}{link}"' in mail.html
    return str(link)


def find_subscriber(pages: Pages, address: str = LI) -> Subscriber:
    subscriber = pages.store.subscribers.find(Lookup(address_key=f"mail:{address}"))
    assert subscriber is not None
    return subscriber


def sign_up(pages: Pages) -> str:
    """Subscribe and confirm; return the path of the subscriber's page."""
    send_form(pages.browser)
    answer = pages.open_new_browser().post(find_link(pages))
    return str(answer.headers["location"].partition("?")[0])


def test_opening_the_mailed_link_changes_nothing_and_the_button_confirms(pages: Pages) -> None:
    assert "mailbox" in send_form(pages.browser)
    link = find_link(pages)
    scanner = pages.open_new_browser()
    for _ in range(3):
        assert "<button>" in scanner.get(link).text
    assert find_subscriber(pages).state == SubscriberState.UNCONFIRMED
    answer = scanner.post(link)
    assert answer.status_code == 303
    assert find_subscriber(pages).state == SubscriberState.ACTIVE
    assert "Subscribed" in scanner.get(answer.headers["location"], headers={"accept-language": "en"}).text
    assert scanner.post(link).status_code == 303, "twice is no error"


def test_in_the_browser_that_sent_the_form_the_link_confirms_by_itself(pages: Pages) -> None:
    send_form(pages.browser)
    assert pages.browser.get(find_link(pages)).status_code == 303
    assert find_subscriber(pages).state == SubscriberState.ACTIVE


def test_the_answer_is_the_same_for_a_known_address_which_gets_the_way_to_its_settings(pages: Pages) -> None:
    first = send_form(pages.browser)
    pages.browser.post(find_link(pages))
    second = send_form(pages.open_new_browser())
    assert re.sub(r"\s", "", second) != ""
    again = send_form(pages.browser)
    assert again == first
    assert any(f"/p/{find_subscriber(pages).key}" in mail.text for _, _, mail in pages.list_mails())


def test_an_address_gets_three_mails_a_day_at_most(pages: Pages) -> None:
    for _ in range(5):
        send_form(pages.browser)
    assert len(pages.list_mails()) == 3
    pages.clock.advance(days=1)
    send_form(pages.browser)
    assert len(pages.list_mails()) == 4


def test_a_client_sends_twenty_forms_an_hour_at_most(pages: Pages) -> None:
    answers = [send_form(pages.browser, f"r{number}@example.org") for number in range(21)]
    assert "wait an hour" not in answers[19]
    assert "wait an hour" in answers[20]
    pages.clock.advance(hours=1, seconds=1)
    assert "wait an hour" not in send_form(pages.browser)


def test_a_program_that_fills_in_every_field_gets_no_mail_sent(pages: Pages) -> None:
    assert "mailbox" in send_form(pages.browser, website="https://spam.example")
    assert pages.list_mails() == []


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b@c", "li@example.org\r\nBcc: x@y.example", "a" * 300, "李@example.org"]
)
def test_what_is_no_address_is_asked_for_again(pages: Pages, address: str) -> None:
    assert 'role="alert"' in send_form(pages.browser, address)
    assert pages.list_mails() == []


def test_without_mail_settings_no_form_is_offered_or_taken(make_pages: Callable[..., Pages]) -> None:
    pages = make_pages(sends_mail=False)
    assert 'href="/subscribe"' not in pages.browser.get("/").text
    for answer in (pages.browser.get("/subscribe"), pages.browser.post("/subscribe", data={"address": LI})):
        assert answer.status_code == 404
        assert "not sent by mail" in answer.text


def test_another_sites_form_is_not_taken(pages: Pages) -> None:
    assert 'role="alert"' in send_form(pages.browser, token="forged")
    assert pages.list_mails() == []


def test_a_link_of_three_days_ago_confirms_nothing_and_leads_to_the_form(pages: Pages) -> None:
    send_form(pages.browser)
    pages.clock.advance(hours=49)
    answer = pages.open_new_browser().post(find_link(pages))
    assert answer.status_code == 404
    assert find_subscriber(pages).state == SubscriberState.UNCONFIRMED


def test_wishes_are_changed_and_shown(pages: Pages) -> None:
    path = sign_up(pages)
    data = {
        "action": "wishes", "digest": "daily", "times": "7:30 18:00", "weekday": ["0", "6"],
        "topics": "急救 +临溪 !广告", "length": "long", "stories": "5",
    }  # fmt: skip
    assert pages.browser.post(path, data=data).status_code == 303
    wishes = find_subscriber(pages).subscriptions[0].wishes
    assert [f"{at:%H:%M}" for at in wishes.times] == ["07:30", "18:00"]
    assert (wishes.weekdays, wishes.topics, wishes.stories) == ((0, 6), ("急救", "+临溪", "!广告"), 5)
    page = pages.browser.get(path).text
    assert 'value="07:30 18:00"' in page
    assert 'value="long" selected' in page


def test_wishes_that_are_not_possible_are_refused_with_the_reason(pages: Pages) -> None:
    path = sign_up(pages)
    answer = pages.browser.post(path, data={"action": "wishes", "digest": "daily", "times": "25:99"})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_one_click_unsubscribes_at_once_without_cookie_and_twice_without_error(pages: Pages) -> None:
    key = sign_up(pages).rpartition("/")[2]
    mail_program = pages.open_new_browser()
    assert "<button>" in mail_program.get(f"/u/{key}").text
    assert find_subscriber(pages).subscriptions[0].state == SubscriptionState.ACTIVE
    for body in ({"data": {"List-Unsubscribe": "One-Click"}}, {"files": {"List-Unsubscribe": "One-Click"}}):
        answer = mail_program.post(f"/u/{key}", **body)  # type: ignore[arg-type]
        assert answer.status_code == 200
        assert find_subscriber(pages).subscriptions[0].state == SubscriptionState.LEFT
    undone = mail_program.post(f"/p/{key}", data={"action": "weekly", "digest": "daily"})
    assert undone.status_code == 303
    subscription = find_subscriber(pages).subscriptions[0]
    assert (subscription.state, subscription.wishes.weekdays) == (SubscriptionState.ACTIVE, (6,))


def test_a_pause_ends_on_its_day_or_by_a_button(pages: Pages) -> None:
    path = sign_up(pages)
    until = (pages.clock() + timedelta(days=10)).date().isoformat()
    pages.browser.post(path, data={"action": "pause", "until": until})
    assert find_subscriber(pages).state == SubscriberState.PAUSED
    pages.browser.post(path, data={"action": "resume"})
    assert find_subscriber(pages).state == SubscriberState.ACTIVE


def test_a_new_link_ends_the_old_one(pages: Pages) -> None:
    path = sign_up(pages)
    renewed = pages.browser.post(path, data={"action": "key"}).headers["location"]
    assert pages.browser.get(path).status_code == 404
    assert pages.browser.get(renewed).status_code == 200


def test_export_holds_the_address_and_forgetting_leaves_nothing(pages: Pages) -> None:
    path = sign_up(pages)
    assert LI in pages.browser.get(f"{path}/export").text
    assert (
        "Deleted"
        in pages.browser.post(path, data={"action": "forget"}, headers={"accept-language": "en"}).text
    )
    assert pages.browser.get(path).status_code == 404
    assert pages.store.subscribers.find(Lookup(address_key=f"mail:{LI}")) is None


def test_a_page_shows_no_address(pages: Pages) -> None:
    path = sign_up(pages)
    assert LI not in pages.browser.get(path).text
    assert LI not in path


@pytest.mark.parametrize(
    "action", ["wishes", "pause", "resume", "leave", "subscribe", "weekly", "person", "", "x"]
)
def test_strange_buttons_and_digests_do_no_harm(pages: Pages, action: str) -> None:
    path = sign_up(pages)
    data = {"action": action, "digest": "nothing<script>", "until": "never", "language": "xx"}
    answer = pages.browser.post(path, data=data)
    assert answer.status_code in (303, 400)
    assert "<script>" not in answer.text


@pytest.mark.parametrize("has_left", [False, True])
def test_who_signs_up_again_later_has_the_whole_time_to_confirm(pages: Pages, has_left: bool) -> None:
    if has_left:
        pages.browser.post(sign_up(pages), data={"action": "leave", "digest": "daily"})
    else:
        send_form(pages.browser)
    pages.clock.advance(hours=49)
    send_form(pages.browser)
    answer = pages.open_new_browser().post(find_link(pages))
    assert answer.status_code == 303
    assert find_subscriber(pages).subscriptions[0].state == SubscriptionState.ACTIVE


def test_a_domain_in_capitals_is_the_same_mailbox(pages: Pages) -> None:
    send_form(pages.browser, "li@EXAMPLE.org")
    assert find_subscriber(pages).state == SubscriberState.UNCONFIRMED


@pytest.mark.parametrize("action", ["subscribe", "weekly"])
def test_a_personal_digest_of_somebody_else_cannot_be_subscribed(pages: Pages, action: str) -> None:
    path = sign_up(pages)
    personal = replace(pages.site.settings.digests[0], name="daily.wang")
    settings = replace(pages.site.settings, digests=(*pages.site.settings.digests, personal))
    pages.site = replace(pages.site, settings=settings)
    answer = pages.open_new_browser().post(path, data={"action": action, "digest": "daily.wang"})
    assert answer.status_code == 400
    assert find_subscriber(pages).find_subscription("daily.wang") is None
