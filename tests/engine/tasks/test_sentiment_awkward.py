"""What people really type: sixty texts per language in the spelling of chats, phones and keyboards.

The networks decide, so most of each kind have to come out right, and none may be lost by the rules.
"""

import pytest

from engine.errors import InputError
from engine.language import check, normalise
from engine.results import StatedRating
from engine.tasks.sentiment import load
from tests.engine.tasks.test_sentiment_shipped import MODELS, flagship

AWKWARD = {
    "en": {
        "contractions": """
- it aint good
- i cant recommend this
- you wont like it
- dont waste your money
- the battery doesnt last
- the screen isnt bright
- they arent helpful at all
- it wasnt worth the price
- the rooms werent clean
- it didnt work
- i wouldnt buy it again
- we couldnt eat it
- you shouldnt come here
+ im so happy with it
+ its a great film
+ you wont regret it
+ theyre the best in town
+ ive never had a better pizza
- didn t work from day one
- it aint worth a dime
""",
        "apostrophes": """
- it isn´t good
- I don`t like it
- it wasn′t tasty
- we weren＇t happy
- they donʼt care
- it didn’t help
+ it’s a lovely place
+ I´m delighted
+ you won‘t be disappointed
- it isnʹt worth it
""",
        "drawn out": """
- baaaad
- this is soooo booooring
+ looooove it
+ sooooo goooood
+ amaaaazing service
- terribleeee food
- worsttt hotel everrr
+ awesomeeee
+ yummyyyy
- noooo, not again
""",
        "styled letters": """
+ 𝐠𝐫𝐞𝐚𝐭 𝐟𝐢𝐥𝐦
- 𝘁𝗲𝗿𝗿𝗶𝗯𝗹𝗲 𝗳𝗼𝗼𝗱
+ ｇｒｅａｔ ｓｅｒｖｉｃｅ
- ｂａｄ
+ 𝓫𝓮𝓪𝓾𝓽𝓲𝓯𝓾𝓵
- 𝚋𝚘𝚛𝚒𝚗𝚐
""",
        "decomposed accents": """
+ the cafe\u0301 is lovely
- the entre\u0301e was awful
+ great cre\u0300me bru\u0302le\u0301e
- the saute\u0301 was cold and tasteless
""",
        "emoji": """
+ 😊
- 😡
+ ❤️❤️
+ 👍
- 👎👎
- 🤮
+ Yes 😊
- the soup 🤮
+ 😍😍😍
- 😡😡 never again
""",
    },
    "vi": {
        "chat": """
- ko ngon
- k ngon
- kh ngon
- hok ngon
- khong ngon
- khum ngon
- hem ngon
- hong ngon
- kg ngon
+ đc lắm
+ ngon lắm nha mn
- đếch ngon
- nv phục vụ tệ
+ nv nhiệt tình
+ mk rất thik quán này
- sp ko tốt
+ sp tốt lắm
- đợi lâu wá, bực mình
+ ngon wá
- ko bh quay lại
""",
        "tone marks": """
+ hoà hợp và thoải mái
- phòng ốc xấu, đồ ăn hôi thuỷ sản
+ thuỷ sản tươi ngon
- khoá bị hỏng
+ loại khoá này tốt
- xoá ứng dụng vì quá tệ
+ hoa quả tươi, trang trí hoà nhã
- tuỳ tiện, thiếu chuyên nghiệp
""",
        "drawn out": """
+ ngonnnn
+ ngon quáaaa
- chánnnn
- tệeee
+ đẹppppp lắm
+ thíchhhh
- dởooo
- dở quáaaa
+ tuyệt vờiiii
- đắttttt mà không ngon
""",
        "styled letters": """
+ 𝐧𝐠𝐨𝐧 lắm
+ ｎｇｏｎ
- 𝗰𝗵𝗮́𝗻
+ 𝘁𝗼̂́𝘁
""",
        "typed eth": """
+ ðẹp lắm
- ðắt mà dở
+ Ðồ ăn ngon
- ðợi quá lâu
""",
        "decomposed accents": """
+ nga\u0300y na\u0300o cu\u0303ng ngon
- do\u031b\u0309 qua\u0301
+ tuye\u0323\u0302t vo\u031b\u0300i
- te\u0323\u0302
""",
        "emoji": """
+ 😊
- 😡
+ ❤️❤️
+ 👍
- 👎👎
- 🤮
+ 😍😍
- bát phở này 🤮
+ ok 👍
- 😡😡 ko quay lại
""",
    },
}


def texts(language: str, kind: str) -> list[tuple[str, str]]:
    """(text, label) of one kind."""
    signs = {"+": "positive", "-": "negative"}
    lines = AWKWARD[language][kind].strip().split("\n")
    return [(line[2:], signs[line[0]]) for line in lines]


@pytest.mark.parametrize(("language", "kind"), [(k, kind) for k in AWKWARD for kind in AWKWARD[k]])
def test_most_of_each_kind_come_out_right(language: str, kind: str) -> None:
    cases = texts(language, kind)
    verdicts = flagship(language).classify([text for text, _ in cases])
    hits = [v.label == label for v, (_, label) in zip(verdicts, cases, strict=True)]
    assert sum(hits) >= len(hits) - 1


@pytest.mark.parametrize(
    ("language", "typed", "read"),
    [
        ("en", "it aint good", "it ain't good"),
        ("en", "I´m delighted, it isn＇t", "I'm delighted, it isn't"),
        ("en", "baaaad", "bad"),
        ("en", "𝐠𝐫𝐞𝐚𝐭 ｆｉｌｍ", "great film"),
        ("en", "the cafe\u0301 \ud800is lovely", "the café is lovely"),
        ("vi", "khum ngon", "không ngon"),
        ("vi", "k ngon", "không ngon"),
        ("vi", "ðẹp, hoà hợp", "đẹp, hòa hợp"),
        ("vi", "ngonnnn", "ngon"),
        ("vi", "do\u031b\u0309", "dở"),
        ("vi", "ko ngon, hẻm nhỏ", "ko ngon, hẻm nhỏ"),  # the network has learnt "ko"
    ],
)
def test_every_way_into_the_model_reads_the_same_text(language: str, typed: str, read: str) -> None:
    model = flagship(language)
    reading = model.read(typed)
    assert reading.text == model.respell(typed) == model.respell(read) == read
    assert (reading.typed is None) == (normalise(typed) == read)
    assert "".join(p.text for p in reading.pieces).replace(" ", "") == read.replace(" ", "")
    expected = model.read(read)
    (verdict,) = model.classify([typed])
    assert verdict.probabilities == pytest.approx(expected.verdict.probabilities, abs=1e-6)
    assert model.influence(typed).margin == pytest.approx(model.influence(read).margin, abs=1e-6)
    assert model.contributions(typed).pieces == expected.pieces
    assert model.length(typed) == len(expected.pieces)
    small = load(MODELS / f"sentiment-{language}-lstm-last.safetensors")
    assert small.gradients(typed, "positive").pieces == small.gradients(read, "positive").pieces


@pytest.mark.parametrize(
    ("language", "text", "label", "words"),
    [
        ("en", "2 out of 10", "negative", "2 out of 10"),
        ("en", "10/10", "positive", "10/10"),
        ("en", "1/5 stars", "negative", "1/5"),
        ("en", "⭐⭐⭐⭐⭐", "positive", "⭐⭐⭐⭐⭐"),
        ("vi", "5 sao", "positive", "5 sao"),
        ("vi", "0 điểm!", "negative", "0 điểm"),
        ("vi", "3/5", "neutral", "3/5"),
    ],
)
def test_a_text_that_is_only_a_rating_is_read_by_a_rule(
    language: str, text: str, label: str, words: str
) -> None:
    model = flagship(language)
    (verdict,) = model.classify([text])
    assert verdict.by_rule
    assert (verdict.label, verdict.confidence) == (label, 1.0)
    reading = model.read(text)
    assert reading.verdict.by_rule
    assert reading.rating == StatedRating(words, label)


def test_a_rating_beside_words_leaves_the_answer_to_the_network() -> None:
    reading = flagship("en").read("A lovely film, but the ending is dull: 2 out of 10")
    assert reading.rating == StatedRating("2 out of 10", "negative")
    assert not reading.verdict.by_rule
    (undecided,) = flagship("en").classify(["3/5"])  # this model has no "neutral"
    assert undecided.uncertain
    assert flagship("en").read("The food was good").rating is None


@pytest.mark.parametrize("language", ["en", "vi"])
def test_only_emoji_are_read_where_the_model_knows_one(language: str) -> None:
    model = flagship(language)
    assert model.check(check("😡😡")) == "😡😡"
    for strange in ("\u2b1a", "\u26ce"):
        with pytest.raises(InputError, match="no words"):
            model.check(strange)


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(
    ("text", "label"),
    [("😀", "positive"), ("💙💙", "positive"), ("🥺", "negative"), ("👿!", "negative")],
)
def test_an_emoji_it_has_not_met_is_read_as_one_that_says_the_same(
    language: str, text: str, label: str
) -> None:
    model = flagship(language)
    model.check(text)
    assert model.read(text).verdict.label == label


def test_an_emoji_that_says_several_things_stands_for_no_other() -> None:
    for text in ("fine 🤔", "oh 😂", "🙃 well"):
        assert flagship("en").respell(text) == text
    assert flagship("en").respell("Nice 😀") == "Nice 😊"
