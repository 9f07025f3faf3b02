"""Which of the three languages a text is in: by letters, and by the commonest words of each."""

from __future__ import annotations

import re
from collections import Counter

from engine.errors import N_
from engine.tasks.translation.words import BEGINNING

NAMES = {"en": N_("English"), "fr": N_("French"), "vi": N_("Vietnamese")}

_WORDS = {
    "en": """
        the a an and of to in is it you that he was for on are with as his they be at this have
        from or had by not but what all were we when your can there each which she do how their
        if will up about out them then many some so these would him has two more very my who
        been did get may me her our us am does i where why good like man woman men people girl boy
        children wearing want know think go going said other three into just over front down here
        something day need make also see after now off should another back long work really look
        any only last old that's never before too way year say first well being still got because
        says let those thank hello please today things street playing
    """,
    "fr": """
        le la les un une des de du et est il elle je tu nous vous ils elles que qui ne pas dans
        en sur pour par avec ce cette ces mon ma mes ton ta tes son sa ses au aux se a été être
        avoir fait faire plus mais ou où si c'est j'ai n'est qu'il d'un d'une était sont suis
        très bien tout on quoi comme y leur lui deux homme femme à me moi te toi personne personnes
        gens fille garçon chien enfants debout assis devant tandis groupe trois quelque quelques
        chose beaucoup veux peux peut sais vraiment jamais comment pourquoi quand dit cela votre
        notre vos nos ici là chez sans sous vers après avant toujours encore rien aussi donc car
        même autre autres ont avez avons as va vais êtes sommes soit merci bonjour oui non petit
        petite grand grande porte tient joue regarde rue près mieux trop peu
    """,
    "vi": """
        là của và có không được cho một những các tôi bạn anh em chị ông bà nó họ chúng ta này
        đó với trong đã đang sẽ rất người khi từ đến ra vào lên xuống về ở tại như nhưng hay
        hoặc thì mà nếu vì nên phải cần muốn biết làm gì nào sao đâu ai con cái cô cậu mình rồi
        cũng chỉ thế toi ban khong duoc mot nhung cac nguoi dang rat nhu cung lam cua nói đi xin
        hơn năm trên trong trước khác sau cách tin theo xem bao bé ngon ba nay lan nha biet noi
    """,
}
_FREQUENT = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_ENDINGS = {
    "en": re.compile("(?:n't|[a-z]'(?:s|m|re|ve|ll|d))$"),
    "fr": re.compile("^(?:[cdjlmnst]|qu|lorsqu|puisqu|jusqu)'[^\\W\\d_]{2}"),
}
"""Short forms: "she's", "l'été"."""
_VIETNAMESE = re.compile("[ăđơưạảãấầẩẫậắằẳẵặẹẻẽếềểễệỉĩịọỏõốồổỗộớờởỡợụủũứừửữựỳýỵỷỹáíóúìò]")
_FRENCH = re.compile("[çœëïûÿ]|[àâèéêîôù](?=[a-z])")
_SYLLABLE = re.compile(
    "(?:ch|gh?|gi|kh|ngh?|nh|ph|qu|th|tr|[bcdhklmnprstvx])?[aàâeèéêiîoôuùy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
"""What a Vietnamese word looks like; French has few such words with a mark."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_SURE, FEW = 2, 5
"""Words more than the expected language has to have before another one is believed, and how many
words one that tells may stand for."""


def language(text: str, expected: str) -> str:
    """The likeliest of "en", "fr", "vi"; `expected` unless two thirds of the words that tell, names
    apart, are another one's."""
    words = _told(text.replace("’", "'"))
    looks = [{name for name in _FREQUENT if _looks(word, name)} for word in words]
    found = Counter(name for each in looks for name in each)
    best = max(_FREQUENT, key=lambda name: found[name])
    telling = sum(bool(each) for each in looks)
    clear = 3 * found[best] >= 2 * telling and FEW * found[best] >= len(words)
    return best if clear and found[best] >= found[expected] + _SURE else expected


def _told(text: str) -> list[str]:
    """The words of a text in small letters, without names: what has a capital inside a sentence,
    and what stands before such a word at its beginning. In capitals throughout, all count."""
    found = list(_WORD.finditer(text))
    if text.upper() == text:
        return [m[0].lower() for m in found]
    names = [_capital(m[0]) and not BEGINNING.search(text[: m.start()]) for m in found]
    words = []
    for m, name, follows in zip(found, names, [*names[1:], False], strict=True):
        before_name = follows and _capital(m[0]) and not _frequent(m[0].lower())
        if not name and not before_name:
            words.append(m[0].lower())
    return words


def _capital(word: str) -> bool:
    return word[0].isupper() and word.split("'")[0] != "I"


def _frequent(word: str) -> bool:
    return any(word in frequent for frequent in _FREQUENT.values())


def _looks(word: str, language: str) -> bool:
    """Whether a word may be of a language: a frequent one or a short form, or one of its letters
    in it. Of the letters that Vietnamese and French share, the syllable decides."""
    if word in _FREQUENT[language]:
        return True
    if language in _ENDINGS and _ENDINGS[language].search(word):
        return True
    shared = _FRENCH.search(word) is not None and not _frequent(word)
    if language == "vi":
        return bool(_VIETNAMESE.search(word) or (shared and _SYLLABLE.fullmatch(word)))
    return (
        language == "fr" and shared and not (_VIETNAMESE.search(word) or _SYLLABLE.fullmatch(word))
    )


def latin(text: str) -> bool:
    """Whether most of a text's letters are Latin ones: nothing else can be translated."""
    letters = [c for c in text if c.isalpha()]
    return 2 * sum(c < "ɐ" or "Ḁ" <= c <= "ỿ" for c in letters) >= len(letters)
