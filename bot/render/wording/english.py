"""English."""

from bot.render.wording.row import Wording

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

ENGLISH = Wording(
    tag="en",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=MONTHS,
    short_date="{day} {month_name}",
    long_date="{day} {month_name} {year}",
    month="{month_name} {year}",
    dated="{weekday}, {date}",
    stories=("{n} story", "{n} stories"),
    minutes=("about a minute to read", "about {n} minutes to read"),
    empty="Nothing new today. Until next time.",
    unread="Could not be read today: {names}",
    untitled="(untitled)",
    other_section="Other news",
    comma=", ",
    more=" and {n} more",
    also="Also: ",
    head_missing="beginning missing",
    head_missing_from="beginning missing, from {page}",
    tail_missing="end missing",
    tail_missing_to="end missing, continued on {page}",
    shortened="shortened",
    whole="the whole story",
    rest=("{n} more story", "{n} more stories"),
    on_the_web="On the web",
    all_editions="All editions",
    previous="Previous edition",
    unsubscribe="Unsubscribe",
    keywords="Keywords: {names}",
)
