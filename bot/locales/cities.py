"""Cities that people name or live near, beside the main city of each time zone: names, zone, place.

A zone's table has one city; by that alone Beijing would be nearest to Pyongyang's zone, and a person in
Shenzhen could not type the city. Coordinates are in degrees, to a tenth.
"""

from typing import NamedTuple


class _City(NamedTuple):
    names: tuple[str, ...]
    zone: str
    latitude: float
    longitude: float


_ROWS = """
北京 Beijing|Asia/Shanghai|39.9 116.4
上海 Shanghai|Asia/Shanghai|31.2 121.5
广州 廣州 Guangzhou|Asia/Shanghai|23.1 113.3
深圳 Shenzhen|Asia/Shanghai|22.5 114.1
成都 Chengdu|Asia/Shanghai|30.7 104.1
重庆 重慶 Chongqing|Asia/Shanghai|29.6 106.5
杭州 Hangzhou|Asia/Shanghai|30.3 120.2
南京 Nanjing|Asia/Shanghai|32.1 118.8
武汉 武漢 Wuhan|Asia/Shanghai|30.6 114.3
西安 Xian|Asia/Shanghai|34.3 108.9
天津 Tianjin|Asia/Shanghai|39.1 117.2
青岛 青島 Qingdao|Asia/Shanghai|36.1 120.4
大连 大連 Dalian|Asia/Shanghai|38.9 121.6
沈阳 瀋陽 Shenyang|Asia/Shanghai|41.8 123.4
长春 長春 Changchun|Asia/Shanghai|43.8 125.3
哈尔滨 哈爾濱 Harbin|Asia/Shanghai|45.8 126.6
延吉 Yanji|Asia/Shanghai|42.9 129.5
丹东 丹東 Dandong|Asia/Shanghai|40.1 124.4
呼和浩特 Hohhot|Asia/Shanghai|40.8 111.7
厦门 廈門 Xiamen|Asia/Shanghai|24.5 118.1
福州 Fuzhou|Asia/Shanghai|26.1 119.3
南宁 南寧 Nanning|Asia/Shanghai|22.8 108.4
海口 Haikou|Asia/Shanghai|20.0 110.3
昆明 Kunming|Asia/Shanghai|25.0 102.7
景洪 Jinghong|Asia/Shanghai|22.0 100.8
拉萨 拉薩 Lhasa|Asia/Shanghai|29.7 91.1
兰州 蘭州 Lanzhou|Asia/Shanghai|36.1 103.8
台中 臺中 Taichung|Asia/Taipei|24.1 120.7
高雄 Kaohsiung|Asia/Taipei|22.6 120.3
大阪 Osaka|Asia/Tokyo|34.7 135.5
福冈 福岡 Fukuoka|Asia/Tokyo|33.6 130.4
札幌 Sapporo|Asia/Tokyo|43.1 141.4
釜山 Busan|Asia/Seoul|35.2 129.1
河内 Hanoi|Asia/Ho_Chi_Minh|21.0 105.9
槟城 檳城 Penang|Asia/Kuala_Lumpur|5.4 100.3
清迈 清邁|Asia/Bangkok|18.8 99.0
孟买 孟買 Mumbai|Asia/Kolkata|19.1 72.9
德里 新德里 Delhi|Asia/Kolkata|28.6 77.2
旧金山 舊金山 三藩市 SanFrancisco|America/Los_Angeles|37.8 -122.4
西雅图 西雅圖 Seattle|America/Los_Angeles|47.6 -122.3
休斯敦 休斯頓 Houston|America/Chicago|29.8 -95.4
达拉斯 達拉斯 Dallas|America/Chicago|32.8 -96.8
波士顿 波士頓 Boston|America/New_York|42.4 -71.1
华盛顿 華盛頓 Washington|America/New_York|38.9 -77.0
迈阿密 邁阿密 Miami|America/New_York|25.8 -80.2
亚特兰大 亞特蘭大 Atlanta|America/New_York|33.7 -84.4
蒙特利尔 蒙特婁 Montreal|America/Toronto|45.5 -73.6
渥太华 渥太華 Ottawa|America/Toronto|45.4 -75.7
曼彻斯特 曼徹斯特 Manchester|Europe/London|53.5 -2.2
爱丁堡 愛丁堡 Edinburgh|Europe/London|56.0 -3.2
法兰克福 法蘭克福 Frankfurt|Europe/Berlin|50.1 8.7
慕尼黑 Munich|Europe/Berlin|48.1 11.6
汉堡 漢堡 Hamburg|Europe/Berlin|53.6 10.0
米兰 米蘭 Milan|Europe/Rome|45.5 9.2
巴塞罗那 巴塞隆納 Barcelona|Europe/Madrid|41.4 2.2
里昂 Lyon|Europe/Paris|45.8 4.8
日内瓦 日內瓦 Geneva|Europe/Zurich|46.2 6.1
圣彼得堡 聖彼得堡 StPetersburg|Europe/Moscow|59.9 30.3
堪培拉 坎培拉 Canberra|Australia/Sydney|-35.3 149.1
惠灵顿 威靈頓 Wellington|Pacific/Auckland|-41.3 174.8
"""


def _parse_row(row: str) -> _City:
    names, zone, place = row.split("|")
    latitude, longitude = place.split()
    return _City(tuple(names.split()), zone, float(latitude), float(longitude))


OTHER_CITIES = tuple(map(_parse_row, _ROWS.strip().splitlines()))
