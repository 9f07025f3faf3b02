"""What people are called: common given names, too many to meet all of them in sentences."""

from __future__ import annotations


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MEN = _names("""
    An Bảo Bình Chiến Cường Dũng Duy Đạt Đức Hải Hiếu Hoàng Hùng Huy Hưng Khang Khánh Khoa Kiên Lâm
    Long Lộc Mạnh Minh Nam Nghĩa Nhật Phong Phúc Quang Quân Sơn Tân Thành Thắng Thịnh Tiến Toàn
    Trọng Trung Tú Tuấn Tùng Việt Vinh
""")
WOMEN = _names("""
    Bích Châu Chi Cúc Diệp Dung Đào Giang Hà Hạnh Hằng Hiền Hoa Hồng Huyền Hương Kim Lan Liên Linh
    Loan Mai My Nga Ngân Ngọc Nguyệt Nhung Oanh Phượng Quỳnh Tâm Thảo Thu Thúy Thủy Trang Trâm Vân
    Vy Xuân Yến
""")
"""Vietnamese ones; before them a middle name, and first of all the family's."""
MIDDLE = {MEN: _names("Văn Đức Minh Quốc"), WOMEN: _names("Thị Thu Ngọc Thanh")}
FAMILIES = _names("Nguyễn Trần Lê Phạm Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý")

_ENGLISH = _names("""
    Aaron Adam Alan Albert Alex Alexander Alice Amanda Amy Andrea Andrew Andy Angela Ann Anna Anne
    Anthony Arthur Barbara Ben Benjamin Betty Bob Brenda Brian Bruce Carol Caroline Catherine
    Charles Charlie Charlotte Chloe Chris Christine Christopher Cindy Daniel Dave David Deborah
    Dennis Diana Donald Donna Dorothy Edward Elizabeth Ella Ellen Emily Emma Eric Ethan Eva Evelyn
    Fiona Frank Fred Gary George Gina Gloria Grace Greg Hannah Harry Heather Helen Henry Howard Ian
    Irene Isaac Isabel Isabella Jack Jackie Jacob James Jamie Jane Janet Jason Jeff Jennifer Jenny
    Jeremy Jerry Jessica Jim Jimmy Joan Joe Joel John Johnny Jonathan Joseph Josh Joshua Joyce Judy
    Julia Julian Karen Kate Katherine Kathleen Kathy Keith Kelly Ken Kevin Kyle Larry Laura Lauren
    Leo Leonard Liam Linda Lisa Lucas Lucy Luke Margaret Maria Mark Martha Martin Mary Matt Matthew
    Max Megan Melissa Mia Michael Michelle Mike Nancy Natalie Nathan Nick Nicole Nina Noah Nora
    Oliver Olivia Oscar Pamela Patricia Patrick Paul Paula Peter Phil Philip Rachel Ralph Raymond
    Rebecca Richard Rick Robert Robin Roger Ron Ronald Rose Roy Ruth Ryan Sally Sam Samantha Samuel
    Sandra Sara Sarah Scott Sean Sharon Shirley Simon Sofia Sophia Stella Stephanie Stephen Steve
    Steven Susan Sylvia Ted Teresa Terry Thomas Tim Timothy Tina Todd Tom Tony Tracy Victor Victoria
    Vincent Walter Wendy William Zoe
""")
_FRENCH = _names("""
    Adèle Agathe Agnès Alain Alexandra Alexandre Aline Amélie Anaïs André Antoine Arnaud Audrey
    Aurélie Baptiste Béatrice Benoît Bernard Brigitte Bruno Camille Cécile Cédric Céline Chantal
    Chloé Christelle Christian Christophe Claire Clara Clément Corinne Damien Danielle
    Delphine Denis Didier Dominique Édouard Élise Élodie Émile Émilie Éric Estelle Étienne Fabien
    Fabrice Fanny Florence Florian François Françoise Frédéric Gabriel Gaël Gérard Gilles Guillaume
    Hélène Henri Hugo Inès Isabelle Jacqueline Jacques Jade Jean Jeanne Jérôme Joséphine Julie
    Julien Juliette Justine Karim Kévin Laetitia Laurence Laurent Léa Léo Léon Lola Louis Louise Luc
    Lucie Ludovic Madeleine Manon Marc Marcel Margot Marie Marine Marion Martine Mathieu Mathilde
    Mathis Maud Maurice Mélanie Michel Michèle Mickaël Mohamed Monique Nadia Nathalie Nicolas Noé
    Noémie Océane Olivier Pascal Patrice Pauline Philippe Pierre Quentin Raphaël Rémi René Renée
    Romain Sabrina Sébastien Serge Simone Solène Sophie Stéphane Stéphanie Sylvain Sylvie Théo
    Thérèse Thibault Thierry Valentin Valérie Véronique Virginie Yann Yannick Yves Yvonne Zoé
""")
_OTHER = _names("""
    Ahmed Aisha Ali Amina Ana Anton Boris Carlos Carmen Diego Dmitri Fatima Giulia Hans Hassan Ivan
    Jan José Juan Julio Karl Keiko Kenji Klaus Lars Leila Luigi Luis Magda Marco Mario Marta Mateo
    Mehmet Miguel Mohammed Natasha Olga Omar Pablo Pedro Rafael Ravi Rosa Sakura Sergei Sven Tariq
    Tatiana Vladimir Wei Yoko Yuki Yuri
""")

WESTERN = frozenset((*_ENGLISH, *_FRENCH, *_OTHER))
VIETNAMESE = frozenset((*MEN, *WOMEN))
GIVEN = WESTERN | VIETNAMESE
TAUGHT = _names("Tom Mary John Marie")
"""Those whom everyday sentences are full of."""

WORDS = {
    "en": _names("An Dung Frank Grace Loan Long Mark My Rose"),
    "fr": _names("An Long Mai My"),
    "vi": _names("Ben Leo Sam Tim"),
}
"""Names that, at the beginning of a sentence, are more often words of the language."""

_FRENCH_TITLES = {
    **dict.fromkeys(("Monsieur", "M.", "M"), "Mr."),
    **dict.fromkeys(("Madame", "Mme", "Mme."), "Mrs."),
    **dict.fromkeys(("Mademoiselle", "Mlle", "Mlle."), "Miss"),
    **dict.fromkeys(("Docteur", "Dr", "Dr."), "Dr."),
}
_ENGLISH_TITLES = {
    **dict.fromkeys(("Mister", "Mr", "Mr."), "M."),
    **dict.fromkeys(("Mrs", "Mrs.", "Ms", "Ms."), "Mme"),
    "Miss": "Mlle",
    **dict.fromkeys(("Doctor", "Dr", "Dr."), "Dr"),
}
TITLES: dict[tuple[str, str], dict[str, str]] = {
    ("fr", "en"): _FRENCH_TITLES,
    ("en", "fr"): _ENGLISH_TITLES,
}
"""What stands before a name, and what it is in the other language."""
