"""Twenty everyday sentences per direction, written to find out what a translator can be trusted
with, and words of which at least one has to be in its answer.

They were fixed before the present models were judged. The lecture's own words are among them, and
numbers, names, signs and a question that have to come through.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.language.text import TOKEN


class Probe(NamedTuple):
    """A sentence, and what its translation must have: of each group at least one."""

    text: str
    wanted: tuple[tuple[str, ...], ...]

    def passes(self, translation: str) -> bool:
        """Whether a translation has all that is wanted, ignoring capitals."""
        words = _spaced(translation)
        return all(any(_spaced(w) in words for w in group) for group in self.wanted)


def _spaced(text: str) -> str:
    """Words and signs in lower case with a space around each."""
    return " ".join(["", *TOKEN.findall(text.lower()), ""])


def _read(table: str) -> tuple[Probe, ...]:
    """Lines `sentence | this/or this, and that/or that`."""
    probes = []
    for line in table.strip().splitlines():
        text, _, wanted = line.strip().partition(" | ")
        groups = tuple(tuple(group.split("/")) for group in wanted.split(", "))
        probes.append(Probe(text, groups))
    return tuple(probes)


PROBES: dict[str, tuple[Probe, ...]] = {
    "fr-en": _read("""
        La nature est un temple. | nature, is, temple
        La nature | nature
        Il fait froid aujourd'hui. | cold, today
        Je ne parle pas anglais. | don't/do not/can't, english
        Où est la gare ? | where, station
        Elle a trois chats et un chien. | three, cats, dog
        Un homme joue de la guitare dans la rue. | man, guitar, street
        Deux enfants courent sur la plage. | two, children/kids, run/running, beach
        Mon frère travaille à Paris. | brother, works/working/work, paris
        Nous avons mangé au restaurant hier soir. | ate/eaten, restaurant, last night/yesterday
        Quelle heure est-il ? | time/o'clock
        Je voudrais un café, s'il vous plaît. | coffee, please
        Pourquoi es-tu en retard ? | why, late
        Ce livre est très intéressant. | book, interesting
        Krzysztof est arrivé en 1984. | krzysztof, 1984
        Le prix est de 2 500 euros. | price, euros
        Je n'ai jamais vu la mer. | never, sea/ocean
        Une femme en robe rouge lit un journal. | woman, red, newspaper/paper
        Il pleut depuis trois jours. | rain/raining/rained, three, days
        Je t'aime 😀 | love, 😀
    """),
    "en-fr": _read("""
        Nature is a temple. | nature, est, temple
        Nature | nature
        It is cold today. | froid, aujourd'hui
        I don't speak French. | ne/n', pas, français
        Where is the station? | où, gare/station
        She has three cats and a dog. | trois, chats, chien
        A man is playing the guitar in the street. | homme, guitare, rue
        Two children are running on the beach. | deux, enfants, courent, plage
        My brother works in Paris. | frère, travaille, paris
        We ate at the restaurant last night. | restaurant, hier/nuit
        What time is it? | heure
        I would like a coffee, please. | café, plaît
        Why are you late? | pourquoi, retard
        This book is very interesting. | livre, très, intéressant
        Krzysztof arrived in 1984. | krzysztof, 1984
        The ticket costs 2,500 euros. | 2 500, euros
        I have never seen the sea. | jamais, mer/océan
        A woman in a red dress is reading a newspaper. | femme, rouge, journal
        It has been raining for three days. | pleut/pluie/plu, trois, jours
        I love you 😀 | aime, 😀
    """),
    "en-vi": _read("""
        Nature is a temple. | thiên nhiên/tự nhiên
        Nature | thiên nhiên/tự nhiên/bản chất
        The food was really good. | thức ăn/đồ ăn/món ăn, ngon/tốt
        I don't speak Vietnamese. | không, nói, tiếng việt
        Where is the hospital? | bệnh viện, đâu
        She has three cats and a dog. | ba/3, mèo, chó
        A man is playing the guitar. | đàn ông/người, guitar/ghi ta/đàn
        Two children are running on the beach. | hai/2, trẻ/em/con, chạy, biển
        My brother works in Hanoi. | anh/em, làm việc/làm, hà nội/hanoi
        We ate at a restaurant last night. | nhà hàng, tối qua/đêm qua/hôm qua
        What time is it? | giờ
        I would like a cup of coffee, please. | cà phê
        Why are you late? | sao, trễ/muộn
        This book is very interesting. | sách, thú vị/hay
        Krzysztof arrived in 1984. | krzysztof, 1984
        The ticket costs 2,500 dollars. | 2.500, đô la/đô
        I have never seen the sea. | chưa, biển
        The economy grew by 6.5 percent last year. | kinh tế, 6,5, năm ngoái/năm trước
        It is raining. | mưa
        I love you 😀 | yêu, 😀
    """),
    "vi-en": _read("""
        Thiên nhiên là một ngôi đền. | nature
        Thiên nhiên | nature/natural
        Thức ăn rất ngon. | food/meal/dish, good/delicious/great/tasty
        Tôi không nói được tiếng Anh. | not/can't/don't/cannot, english
        Bệnh viện ở đâu? | where, hospital
        Cô ấy có ba con mèo và một con chó. | three, cats, dog
        Một người đàn ông đang chơi đàn ghi ta. | man, guitar
        Hai đứa trẻ đang chạy trên bãi biển. | two, children/kids, beach
        Anh trai tôi làm việc ở Hà Nội. | brother, works/working/work, hanoi/ha noi/hà nội
        Tối qua chúng tôi ăn ở nhà hàng. | we, restaurant, night/yesterday/evening
        Bây giờ là mấy giờ? | time
        Tôi muốn một cốc cà phê. | coffee
        Tại sao bạn đến muộn? | why, late
        Cuốn sách này rất thú vị. | book, interesting
        Krzysztof đến vào năm 1984. | krzysztof, 1984
        Giá vé là 2.500 đô la. | 2,500, dollars
        Tôi chưa bao giờ nhìn thấy biển. | never, sea/ocean/beach
        Máy hút bụi bị hỏng trong vòng hai tuần. | two, weeks
        Trời đang mưa. | rain/raining
        Tôi yêu bạn 😀 | love, 😀
    """),
}
"""By direction."""


def passed(direction: str, translations: list[str]) -> list[bool]:
    """Which of the direction's sentences were translated with all that is wanted."""
    pairs = zip(PROBES[direction], translations, strict=True)
    return [probe.passes(text) for probe, text in pairs]
