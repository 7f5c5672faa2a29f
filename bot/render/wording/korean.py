"""Korean."""

from bot.render.wording.row import Wording

KOREAN = Wording(
    tag="ko",
    weekdays=("월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"),
    months=(),
    short_date="{month}월 {day}일",
    long_date="{year}년 {month}월 {day}일",
    month="{year}년 {month}월",
    dated="{date} {weekday}",
    stories=("기사 {n}건", "기사 {n}건"),
    minutes=("읽는 데 약 {n}분", "읽는 데 약 {n}분"),
    empty="오늘은 새 소식이 없습니다. 다음에 뵙겠습니다.",
    unread="오늘 읽지 못한 곳: {names}",
    untitled="(제목 없음)",
    other_section="그 밖의 소식",
    comma=", ",
    more=" 외 {n}곳",
    also="같은 소식: ",
    head_missing="앞부분 없음",
    head_missing_from="앞부분 없음, {page}에서 이어짐",
    tail_missing="뒷부분 없음",
    tail_missing_to="뒷부분 없음, {page}에 계속",
    shortened="줄임",
    whole="전문 보기",
    rest=("그 밖의 기사 {n}건", "그 밖의 기사 {n}건"),
    on_the_web="웹에서 보기",
    all_editions="지난 호",
    previous="이전 호",
    unsubscribe="수신 거부",
    keywords="핵심어: {names}",
)
