"""What people type, in the spelling that the networks know."""

from __future__ import annotations

import pytest

from engine.language.respelling import respell, shortened

SAME = object()
"""The text stays as it was typed."""

ENGLISH = [
    ("He won´t come.", "He won't come."),
    ("donʼt you know", "don't you know"),
    ("I donʼt, we can’t, they won＇t", "I don't, we can't, they won't"),
    ("the dog`s bowl", "the dog's bowl"),
    ("say ‘hello’ to them", SAME),
    ("5′ 10″ tall", SAME),
    ("I cant swim.", "I can't swim."),
    ("DONT SHOUT", "DON'T SHOUT"),
    ("Isnt it nice", "Isn't it nice"),
    ("it aint good", "it ain't good"),
    ("i dont, he doesnt, we werent", "i don't, he doesn't, we weren't"),
    ("I don t know", "I don't know"),
    ("youre right, im wrong, thats it", "you're right, I'm wrong, that's it"),
    ("its late", "it's late"),
    ("Its a cat.", "It's a cat."),
    ("its late bloom", SAME),
    ("the dog ate its food", SAME),
    ("we were ill, he fell in the well", SAME),
    ("Lets go home.", "Let's go home."),
    ("he lets go", SAME),
    ("a cantilever, a donation, the importance", SAME),
    ("𝐆𝐨𝐨𝐝 𝓯𝓸𝓸𝓭 Ｗｏｗ ２０", "Good food Wow 20"),
    ("10 m² for ½", SAME),
    ("Ⓖⓡⓔⓐⓣ！ Ｓｏ？ № 5", "Great! So? № 5"),
]
FRENCH = [
    ("C´est la vie.", "C'est la vie."),
    ("l’été, aujourd`hui", "l'été, aujourd'hui"),
    ("Mes soeurs", "Mes sœurs"),
    ("OEUF, Coeur, voeux, chef-d'oeuvre", "ŒUF, Cœur, vœux, chef-d'œuvre"),
    ("un gâteau moelleux, un coefficient, un goéland, Noël", SAME),
    ("dont il parle, il vont", SAME),
]
VIETNAMESE = [
    ("ko ngon", "không ngon"),
    ("K ngon, k thích", "K ngon, không thích"),
    ("Hok biết, khum ưng, khong sao", "Không biết, không ưng, không sao"),
    ("hong thích", "không thích"),
    ("máy bị hong rồi, máy hong", SAME),
    ("đc rồi, dc phết, ĐẾCH NGON", "được rồi, được phết, KHÔNG NGON"),
    ("10k, 20 k, 5 kg, vitamin K", SAME),
    ("tuỳ bạn, thuỷ thủ, hoà bình, khoẻ", "tùy bạn, thủy thủ, hòa bình, khỏe"),
    (
        "TUỲ, Hoà, quý, quỳ, quả, toàn, thuyền, hoàng",
        "TÙY, Hòa, quý, quỳ, quả, toàn, thuyền, hoàng",
    ),
    ("Ði đâu ðó", "Đi đâu đó"),
    ("A-k, k@x.vn", SAME),
    ("chỉ số SP 500, Washington DC", SAME),
    ("hông ngon, bên hông, vòng hông", "không ngon, bên hông, vòng hông"),
    ("cảnh éo le, con hẻm nhỏ, lỗ hổng", SAME),
    ("KO THÍCH, sp tốt", "KHÔNG THÍCH, sản phẩm tốt"),
]


@pytest.mark.parametrize(
    ("language", "typed", "read"),
    [
        (language, *case)
        for language, cases in (("en", ENGLISH), ("fr", FRENCH), ("vi", VIETNAMESE))
        for case in cases
    ],
)
def test_typed_text_is_read_in_the_spelling_that_networks_know(
    language: str, typed: str, read: object
) -> None:
    assert respell(typed, language).text == (typed if read is SAME else read)


def test_decomposed_accents_are_composed() -> None:
    assert respell("to\u0302i kho\u0302ng bie\u0302\u0301t", "vi").text == "tôi không biết"


def test_what_was_changed_is_told() -> None:
    found = respell("I cant, and he dont", "en")
    assert found.changes == (("cant", "can't"), ("dont", "don't"))
    assert respell("He can't.", "en").changes == ()


@pytest.mark.parametrize(
    ("word", "language", "read"),
    [
        ("baaaad", "en", "bad"),
        ("goooood", "en", "good"),
        ("SOOOO", "en", "SO"),
        ("ngonnnn", "vi", "ngon"),
        ("quáááá", "vi", "quá"),
        ("coool", "en", "cool"),
    ],
)
def test_drawn_out_words_take_the_form_that_is_known_best(
    word: str, language: str, read: str
) -> None:
    known = {"bad", "good", "god", "so", "ngon", "quá", "cool", "col"}

    def cost(form: str) -> float:
        return 1 if form in known else 2

    assert respell(f"a {word} b", language, cost).text == f"a {read} b"
    assert respell(word, language).text == word


def test_roman_numerals_are_no_drawn_out_words() -> None:
    text = "Louis XIII, chapter VIII, World War III, www"
    assert respell(text, "en", len).text == text


def test_nothing_is_changed_in_another_language() -> None:
    assert respell("dont ko soeur", "en").text == "don't ko soeur"
    assert respell("dont ko soeur", "fr").text == "dont ko sœur"
    assert respell("dont ko soeur", "vi").text == "dont không soeur"


def test_the_cheaper_form_wins_and_a_tie_is_settled() -> None:
    assert shortened("noooo", len, double_wins=True) == "no"
    assert shortened("moooo", lambda _: 1.0, double_wins=True) == "moo"
    assert shortened("moooo", lambda _: 1.0, double_wins=False) == "mo"
