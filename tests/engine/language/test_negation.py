"""What denies something, and what only asks."""

from __future__ import annotations

import pytest

from engine.language.negation import denies

DENY = {
    "en": [
        "I do not know.",
        "He can't come.",
        "Nobody saw it.",
        "Why not?",
        "You never sleep, do you?",
    ],
    "fr": ["Je ne sais pas.", "Personne n’est venu.", "Non.", "Il n'a rien, n'est-ce pas ?"],
    "vi": [
        "Tôi không biết.",
        "Tôi chưa biết.",
        "Đừng đi!",
        "Không.",
        "Không?",
        "Tại sao không?",
        "Sao lại không?",
        "Bạn không thích à?",
        "Sao anh không đến?",
        "Anh không đi phải không?",
        "Bố tôi biết bơi, nhưng mẹ tôi thì không.",
        "Anh ấy vẫn chưa?",
        "Có lẽ không.",
        "Tôi không có tiền.",
        "Có vẻ là không.",
        "Không ai đến.",
    ],
}
ASK = {
    "en": ["Do you know?", "Like it or not, he came.", "It is nice, isn't it?", "Nothingness"],
    "fr": ["Tu viens ou pas ?", "Il fait beau, n’est-ce pas ?", "Elle est belle."],
    "vi": [
        "Bạn có khỏe không?",
        "Bạn khỏe không ạ?",
        "Bạn đã ăn cơm chưa?",
        "Đẹp không, Tom?",
        "Con khỏe không, con yêu?",
        "Anh đi được không?",
        "Anh ấy là bác sĩ, phải không?",
        "Dù muốn hay không, anh ấy phải đi.",
        "Tôi tự hỏi anh có đến hay không.",
        "Tom nhìn vào tủ lạnh xem có gì uống không.",
        "Cậu biết tại sao không?",
        '"Ai sẽ đến không?" "Vài người bạn."',
        "BẠN CÓ KHỎE KHÔNG?",
        "Trời đẹp.",
    ],
}


@pytest.mark.parametrize(("language", "text"), [(n, t) for n, ts in DENY.items() for t in ts])
def test_what_denies(language: str, text: str) -> None:
    assert denies(text, language)


@pytest.mark.parametrize(("language", "text"), [(n, t) for n, ts in ASK.items() for t in ts])
def test_what_only_asks(language: str, text: str) -> None:
    assert not denies(text, language)
