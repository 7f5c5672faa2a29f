"""Vietnamese."""

from bot.render.wording.row import Wording

VIETNAMESE = Wording(
    tag="vi",
    weekdays=("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    months=(),
    short_date="{day}/{month}",
    long_date="{day}/{month}/{year}",
    month="Tháng {month}/{year}",
    dated="{weekday}, {date}",
    stories=("{n} bài", "{n} bài"),
    minutes=("đọc trong khoảng {n} phút", "đọc trong khoảng {n} phút"),
    empty="Hôm nay không có tin mới. Hẹn gặp lại.",
    unread="Hôm nay không đọc được: {names}",
    untitled="(không có tiêu đề)",
    other_section="Tin khác",
    comma=", ",
    more=" và {n} nguồn khác",
    also="Xem thêm: ",
    head_missing="thiếu phần đầu",
    head_missing_from="thiếu phần đầu, xem {page}",
    tail_missing="thiếu phần cuối",
    tail_missing_to="thiếu phần cuối, xem tiếp {page}",
    shortened="đã rút gọn",
    whole="đọc toàn bài",
    rest=("còn {n} bài", "còn {n} bài"),
    on_the_web="Bản web",
    all_editions="Các số đã ra",
    previous="Số trước",
    unsubscribe="Hủy đăng ký",
    keywords="Từ khóa: {names}",
)
