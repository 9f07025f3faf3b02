"""Forty short texts per language, written to find out what a sentiment model has understood.

They were fixed before the present models were trained and are part of no training set: what equals
one of them is left out of the mix. Eight kinds, five texts each.
"""

from __future__ import annotations

from typing import NamedTuple


class Probe(NamedTuple):
    """A text, the label that a reader would give it, and what makes it hard."""

    kind: str
    text: str
    label: str


def _of(kind: str, *texts: tuple[str, str]) -> tuple[Probe, ...]:
    labels = {"+": "positive", "-": "negative"}
    return tuple(Probe(kind, text, labels[sign]) for sign, text in texts)


_ENGLISH = (
    *_of(
        "negation",
        ("-", "The mushroom soup wasn't tasty in the least."),
        ("-", "I don't like the new keyboard."),
        ("-", "Nothing in this concert came together."),
        ("+", "I have no complaints about the service."),
        ("+", "The battery never lets me down."),
    ),
    *_of(
        "double negation",
        ("+", "The guest house was not bad."),
        ("+", "I can't say I didn't enjoy it."),
        ("+", "There is nothing not to love here."),
        ("+", "Nobody left the table unhappy."),
        ("+", "It's impossible not to like this song."),
    ),
    *_of(
        "contrast",
        ("+", "The plot is silly, but I loved every minute."),
        ("-", "Great location, but the room was filthy."),
        ("-", "The food looked beautiful but tasted awful."),
        ("+", "Although it started slowly, the film turned out wonderful."),
        ("+", "Despite the high price, it is worth every cent."),
    ),
    *_of(
        "intensifier",
        ("-", "This is an extremely boring book."),
        ("+", "By far the finest noodles I know."),
        ("-", "The staff were incredibly rude."),
        ("+", "I am so very happy with this camera."),
        ("-", "Utterly useless."),
    ),
    *_of(
        "irony",
        ("-", "Great, another charger that dies after one day."),
        ("-", "What a wonderful way to waste two hours."),
        ("-", "If you enjoy cold fries, this is the place for you."),
        ("-", "Thanks for losing my luggage, truly first class."),
        ("-", "I loved waiting an hour for a lukewarm burger."),
    ),
    *_of(
        "comparison",
        ("-", "The old version was much better than this one."),
        ("+", "This is better than any other pizza I have had."),
        ("-", "I have seen school plays with better acting."),
        ("+", "Nobody does it better."),
        ("-", "My last phone was faster and cheaper."),
    ),
    *_of(
        "typo",
        ("+", "teh food was delicous"),
        ("-", "this moive was horible"),
        ("+", "awsome servce, luv it"),
        ("-", "waist of money, dissapointed"),
        ("+", "BEST PURCHSE OF THE YEAR"),
    ),
    *_of(
        "emoji",
        ("+", "The pizza here 😍😍"),
        ("-", "Two hours in line 😡"),
        ("-", "My order arrived broken 😭"),
        ("+", "New headphones ❤️"),
        ("-", "Service today 👎"),
    ),
)

_VIETNAMESE = (
    *_of(
        "negation",
        ("-", "Món này không ngon chút nào."),
        ("-", "Tôi không thích chiếc điện thoại này."),
        ("-", "Phim chẳng có gì hấp dẫn."),
        ("+", "Chỗ đậu xe rộng, chẳng phải phàn nàn điều chi."),
        ("+", "Dùng ba năm rồi chưa hỏng lần nào."),
    ),
    *_of(
        "double negation",
        ("+", "Quán này không tệ."),
        ("+", "Không thể không khen cô phục vụ."),
        ("+", "Không ai là không thích món này."),
        ("+", "Không phải là không ngon, mà là rất ngon."),
        ("+", "Bạn sẽ không thất vọng đâu."),
    ),
    *_of(
        "contrast",
        ("+", "Giá hơi cao nhưng rất đáng tiền."),
        ("-", "Quán đẹp nhưng đồ ăn dở tệ."),
        ("+", "Tuy giao hàng chậm nhưng áo rất đẹp, sẽ ủng hộ tiếp."),
        ("-", "Thầy dạy vui tính nhưng bài giảng khó hiểu và lan man."),
        ("+", "Mặc dù đông khách, nhân viên vẫn phục vụ rất nhiệt tình."),
    ),
    *_of(
        "intensifier",
        ("+", "Món phở ở đây ngon tuyệt vời!"),
        ("-", "Nhân viên cực kỳ thô lỗ."),
        ("-", "Chuyến đi thất vọng toàn tập."),
        ("+", "Máy chạy siêu mượt, pin cực trâu."),
        ("-", "Vở kịch tối qua chán vô cùng."),
    ),
    *_of(
        "irony",
        ("-", "Tuyệt quá, mới mua hôm qua hôm nay đã hỏng."),
        ("-", "Cảm ơn shop đã cho tôi chờ cả tháng trời."),
        ("-", "Ai thích ăn cơm nguội thì cứ tới quán này nhé."),
        ("-", "Giỏi thật, đặt size M mà giao size XL."),
        ("-", "Đúng là đỉnh cao, ngồi một tiếng chưa có ly nước."),
    ),
    *_of(
        "comparison",
        ("-", "Bản cũ tốt hơn bản này nhiều."),
        ("+", "Ngon hơn hẳn những quán tôi từng ăn."),
        ("+", "Chưa thấy chỗ nào phục vụ tốt hơn ở đây."),
        ("-", "Tiền nào của nấy, thua xa hàng chợ."),
        ("-", "Phần một hay, phần hai thì kém xa."),
    ),
    *_of(
        "no accents",
        ("+", "quan nay do an rat ngon"),
        ("-", "dep tuot quai sau hai ngay, chan"),
        ("+", "thay giang bai de hieu va nhiet tinh"),
        ("-", "phim nhat nheo, phi tien"),
        ("+", "nhan vien de thuong, se quay lai"),
    ),
    *_of(
        "emoji",
        ("+", "Trà sữa ở đây 😍😍"),
        ("-", "Hộp bút bị móp hết cả góc 😡"),
        ("+", "Áo xinh lắm shop ơi ❤️"),
        ("-", "Đợi cả tiếng đồng hồ 😤👎"),
        ("-", "Mới dùng hai hôm đã rách 😭"),
    ),
)

PROBES: dict[str, tuple[Probe, ...]] = {"en": _ENGLISH, "vi": _VIETNAMESE}
