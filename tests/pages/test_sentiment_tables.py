"""Pasted text and uploads cut into rows: what people really have, and files nobody should have."""

from __future__ import annotations

import csv

import pytest

from engine.errors import InputError
from pages.parts.sentiment.tables import (
    MAX_BYTES,
    MAX_ROWS,
    Row,
    Table,
    guess_label_column,
    guess_text_column,
    lines,
    parse_labels,
    possible_schemes,
    table,
)
from pages.shared.uploads import decode

REVIEWS = "text,label\nThe food was good,positive\nIt broke,negative\n"


def opened(data: bytes | str, name: str = "reviews.csv") -> Table:
    return table(
        name, decode(name, data.encode() if isinstance(data, str) else data, MAX_BYTES).text
    )


def cells(found: Table, heading: bool = True) -> list[tuple[str, ...]]:
    return found.body(heading)


def refused(data: bytes, name: str = "reviews.csv") -> str:
    with pytest.raises(InputError) as error:
        opened(data, name)
    return str(error.value)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " | "])
@pytest.mark.parametrize(
    "coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_separator_and_byte_order_mark_are_found(separator: str, coding: str) -> None:
    text = REVIEWS.replace(",", separator).replace("food", "phở")
    found = opened(text.encode(coding))
    assert found.names(True) == ["text", "label"]
    assert cells(found)[0] == ("The phở was good", "positive")


def test_utf16_of_either_byte_order() -> None:
    big = b"\xfe\xff" + "text\nrất ngon\n".encode("utf-16-be")
    assert cells(opened(big)) == [("rất ngon",)]


def test_quoted_fields_keep_line_breaks_separators_and_quotes() -> None:
    found = opened('id,text\r\n1,"good, ""really""\r\ngood"\r\n2,dull\r\n')
    assert cells(found) == [("1", 'good, "really"\r\ngood'), ("2", "dull")]
    assert not found.literal_quotes


def test_rows_have_the_numbers_of_a_spreadsheet() -> None:
    found = opened('text\n"two\nlines"\n\n,\nlast\n'.replace(",", '""'))
    sheet = found.sheet(True, 0, None)
    assert [row.number for row in sheet.rows] == [2, 5]


def test_excels_first_line_is_obeyed_and_hidden() -> None:
    found = opened("sep=;\ntext;label\na, b;pos\n")
    assert cells(found) == [("a, b", "pos")]
    assert found.records[0][0] == 1


ROWS = [("It was good", "positive"), ("so, so", "neutral"), ("rất dở", "negative")]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("SEP=;\rtext;label\rIt was good;positive\rso, so;neutral\rrất dở;negative\r", 0),
        ('"sep=|"\r\ntext|label\r\nIt was good|positive\r\nso, so|neutral\nrất dở|negative', 0),
        ('Survey\n\ntext,label\nIt was good,positive\n"so, so",neutral\nrất dở,negative', 1),
        (
            'Guests,,\nMay,,\n,,\ntext,label,\nIt was good,positive,\n"so, so",neutral,\n'
            "rất dở,negative,",
            2,
        ),
        ("As of 3 May\nwho;what\nIt was good;positive\nso, so;neutral\nrất dở;negative", 1),
        (
            '"text", "label"\n"It was good", "positive"\n"so, so", "neutral"\n"rất dở", "negative"',
            0,
        ),
        ("|text|label|\n|It was good|positive|\n|so, so|neutral|\n|rất dở|negative|", 0),
    ],
)
def test_what_surrounds_a_table_is_left_out(text: str, titles: int) -> None:
    found = opened(text)
    assert (found.heading, found.titles) == (True, titles)
    assert [tuple(filter(None, cells)) for cells in found.body(True)] == ROWS
    assert found.sheet(True, [*map(bool, found.names(True))].index(True), None).total == 3


@pytest.mark.parametrize(
    "text",
    [
        "Reviews of May\n\ntext\ngreat film\ndull, slow\n",
        "Khảo sát, tháng 5\nNội dung\ngreat film\ndull, slow\n",
        'Reviews, by month\n\ntext,label\ngreat film,pos\n"dull, slow",neg\n',
        "| text | label |\n|---|:-:|\n| great film | pos |\n| dull, slow | neg |\n",
        "text,label\n“great film”,pos\n“dull, slow”,neg\n",
        'text,label\ngreat film,pos\n"dull, slow",neg\n\x1a',
    ],
)
def test_what_people_put_above_and_around_texts(text: str) -> None:
    found = opened(text)
    assert found.heading
    column = guess_text_column(found.names(True), found.body(True))
    rows = found.sheet(True, column, None).rows
    assert [row.text for row in rows] == ["great film", "dull, slow"]


def test_rows_below_a_title_keep_their_numbers() -> None:
    found = opened("Survey\n\ntext,label\ngood,pos\nbad,neg\n")
    assert [row.number for row in found.sheet(True, 0, 1).rows] == [4, 5]


def test_backslashes_before_quotation_marks() -> None:
    found = opened('text,label\n"He said \\"good, really\\" to me",pos\n"bad",neg\n')
    assert found.escaped_quotes
    assert cells(found) == [('He said "good, really" to me', "pos"), ("bad", "neg")]
    # Elsewhere a backslash is a sign like any other.
    found = opened('text,label\n"C:\\new\\",pos\nbad\\n,neg\n')
    assert not found.escaped_quotes
    assert cells(found) == [("C:\\new\\", "pos"), ("bad\\n", "neg")]


@pytest.mark.parametrize(
    "text",
    [
        'Good, "but" slow\nNice, review\n',
        "It was nice\nIt cost 1,000\nIt cost 2,000\n",
        "Good, but slow\nBad, and cold, and dear\nfine\n",
        "Good, but slow\nBad, and cold\nFine, thanks\n",
        "text\nGood, but slow\nBad\nSo, so, so\n",
    ],
)
def test_commas_of_sentences_are_no_separators(text: str) -> None:
    found = opened(text)
    assert len(found.names(found.heading)) == 1
    assert [row.text for row in found.sheet(found.heading, 0, None).rows] == [
        line for line in text.splitlines() if line != "text"
    ]


def test_a_table_without_known_names_is_still_one() -> None:
    found = opened("7;rất ngon\n8;dở tệ\n9;tạm được\n")
    assert not found.heading
    assert found.names(False) == ["", ""]
    assert found.sheet(False, 1, None).rows[0] == Row(1, "rất ngon")


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("text,label\ngood,pos\n", True),
        ("Nội dung;Nhãn\nngon;1\n", True),
        ("who;what\nAn;very good food\n", True),
        ("very good food;pos\ndull;neg\n", False),
        ("It was good.\nIt was dull.\n", False),
        ("good,pos\ndull,neg\n", False),
    ],
)
def test_whether_there_is_a_heading_is_guessed(text: str, heading: bool) -> None:
    assert opened(text).heading is heading


def test_ragged_rows_are_named_and_the_others_go_on() -> None:
    found = opened("text,label\ngood, but slow,pos\nfine\ngood,pos,,\n,pos\nlast,neg\n")
    said = [row.fault and str(row.fault) for row in found.sheet(True, 0, 1).rows]
    assert said[0] == "This row has 3 cells, the table has 2 columns."
    assert said[3] == "The cell is empty."
    assert said[1] is said[2] is said[4] is None
    assert [row.label for row in found.sheet(True, 0, 1).rows][1] == ""


def test_a_row_too_short_for_the_column_is_named() -> None:
    fault = opened("id,text\n1,good\n2\n").sheet(True, 1, None).rows[1].fault
    assert str(fault) == "The cell is empty."


def test_a_quote_that_is_never_closed_does_not_swallow_the_rest() -> None:
    found = opened('text\tlabel\n"Great film\tpos\nIt broke\tneg\n', "reviews.tsv")
    assert found.literal_quotes
    assert cells(found) == [('"Great film', "pos"), ("It broke", "neg")]


HOSTILE = {
    "png": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00" + bytes(range(256)), "not a text file"),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)), "not a text file"),
    "zip": (b"PK\x03\x04\x14\x00\x00\x00", "spreadsheet or an archive"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "spreadsheet or an archive"),
    "nul": (b"text\n\x00\x00good\n", "not a text file"),
    "latin-1": ("text\ncafé très bon\n".encode("latin-1"), "not UTF-8 text (see line 2)"),
    "windows-1258": (
        "text\na\nđồ ăn dở".encode("cp1258", "replace"),
        "not UTF-8 text (see line 3)",
    ),
    "broken utf-16": (b"\xff\xfeg\x00o\x00o", "not a text file"),
    **{
        f"{coding}, {name}": (text.encode(coding, "replace"), "not UTF-8 text (see line 2)")
        for name, text, codings in (
            ("French", "texte\nÇa n’était pas « génial », hélas\n", "cp1252 mac_roman"),
            ("French, plain", "texte\nLe café était bon\n", "cp850 cp437 iso8859-15"),
            ("Vietnamese", "text\nĐồ ăn dở quá, không ngon\n", "cp1258"),
            ("Japanese", "text\nとても良い映画でした、面白い\n", "shift_jis euc_jp"),
            ("Chinese", "text\n这个电影很好看\n", "gb18030 big5"),
        )
        for coding in codings.split()
    },
    "utf-16 cut in a letter": (REVIEWS.encode("utf-16-le")[:-1], "not a text file"),
    "empty": (b"", "is empty"),
    "spaces": (b"\xef\xbb\xbf \r\n\t\n", "is empty"),
    "separators": (b",,,\n,,,\n", "is empty"),
    "too large": (b"a\n" * (MAX_BYTES // 2 + 1), "at most 2 MB"),
}


@pytest.mark.parametrize(("data", "words"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason(data: bytes, words: str) -> None:
    assert words in refused(data)


@pytest.mark.parametrize("text", ["text,label\n", "text\n\n\n"])
def test_only_a_heading_is_said(text: str) -> None:
    with pytest.raises(InputError, match="has a heading and no rows"):
        opened(text).sheet(True, 0, None)


def test_an_empty_column_is_said() -> None:
    with pytest.raises(InputError, match="column is empty"):
        opened("text,label\n,pos\n ,neg\n").sheet(True, 0, 1)


def test_more_rows_than_are_read_are_counted() -> None:
    found = opened("text\n" + "good\n" * 4_209).sheet(True, 0, None)
    assert (len(found.rows), found.total) == (MAX_ROWS, 4_209)
    pasted = lines("good\n" * 1_001)
    assert (len(pasted.rows), pasted.total) == (MAX_ROWS, 1_001)


def test_the_largest_file_is_cut_up_in_bounds() -> None:
    found = opened("a\n" * (MAX_BYTES // 2))
    assert found.total == MAX_BYTES // 2
    assert len(found.records) == MAX_ROWS + 1
    one = opened('text\n"' + "x" * (MAX_BYTES - 20) + '"\n')
    assert len(cells(one)[0][0]) == MAX_BYTES - 20


def test_pasted_lines_keep_their_numbers_and_blank_ones_are_left_out() -> None:
    found = lines("one\r\n\n  \nfour\rfive\u2028still five")
    assert [(row.number, row.text) for row in found.rows] == [
        (1, "one"),
        (4, "four"),
        (5, "five\u2028still five"),
    ]
    with pytest.raises(InputError, match="no text yet"):
        lines(" \n\n")
    with pytest.raises(InputError, match="at most 2 MB"):
        lines("ơ" * MAX_BYTES)


@pytest.mark.parametrize(
    ("names", "text", "label"),
    [
        (["id", "Review", "Sentiment"], 1, 2),
        (["NHÃN", "Nội_dung"], 1, 0),
        (["id", "bình luận", "sao"], 1, None),
        (["a", "b", "c"], 1, 2),  # b is the longest, c holds labels only
        (["label", "customer comment", "c"], 1, 0),
    ],
)
def test_columns_are_guessed(names: list[str], text: int, label: int | None) -> None:
    stars = "5" if "sao" in names else "neg"
    body = [("1", "It was a very good film", stars), ("2", "dull", "")]
    assert guess_text_column(names, body) == text
    assert guess_label_column(names, body, text) == label


def test_label_words_of_both_languages() -> None:
    found = parse_labels(["Positive", "NEG", "neu", "Tích cực", "tieu cuc", "trung_tính", " "])
    assert found.values == (
        *("positive", "negative", "neutral"),
        *("positive", "negative", "neutral", None),
    )
    assert (found.blank, found.codes, found.unknown) == (1, {}, {})


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["1", "0", "1.0"], ["positive", "negative", "positive"]),
        (["+1", "-1"], ["positive", "negative"]),
        (["-1", "0", "1"], ["negative", "neutral", "positive"]),
        (["0", "1", "2"], ["negative", "neutral", "positive"]),
        (["1", "3", "5"], ["negative", "neutral", "positive"]),  # stars
        (["1", "2", "4"], ["negative", "negative", "positive"]),
        (["5 sao", "1 star", "3/5"], ["positive", "negative", "neutral"]),
        (["1", "2"], ["negative", "positive"]),
        (["0", "4"], ["negative", "positive"]),
        (["0", "2", "4"], ["negative", "neutral", "positive"]),
        (["0", "2"], ["negative", "positive"]),
        (["1", "2", "3"], ["negative", "neutral", "positive"]),
        (["LABEL_0", "LABEL_1", "LABEL_2"], ["negative", "neutral", "positive"]),
        (["LABEL_0", "LABEL_1"], ["negative", "positive"]),
        (["__label__1", "__label__2"], ["negative", "positive"]),
        (["0", "1", "2", "3"], [None] * 4),
        (["0", "7"], [None, None]),
    ],
)
def test_numbers_mean_what_the_set_allows(words: list[str], meant: list[str | None]) -> None:
    assert list(parse_labels(words).values) == meant


@pytest.mark.parametrize(
    ("positive", "negative"),
    [
        *(("True", "False"), ("P", "N"), ("good", "bad"), ("Tốt", "xấu"), ("khen", "chê")),
        *(("+", "-"), ("yes", "no"), ("T", "F"), ("👍", "👎"), ("hay", "dở")),
        *(("hài lòng", "Không hài lòng"), ("'positive'", "negative.")),
    ],
)
def test_other_words_for_the_two_labels(positive: str, negative: str) -> None:
    found = parse_labels([positive, negative, "Trung lập"])
    assert found.values == ("positive", "negative", "neutral")
    assert not found.unknown


def test_numbers_that_can_mean_two_things_are_asked_about() -> None:
    def schemes(*numbers: str) -> list[str]:
        return [
            "".join(f"{n}{label[2]}" for n, label in s.items()) for s in possible_schemes(numbers)
        ]

    # g: negative, s: positive, u: neutral
    assert schemes("1", "2") == ["1g2s", "1u2s", "1g2u"]
    assert schemes("1") == ["1s", "1g", "1u"]
    assert schemes("3", "4") == ["3u4s", "3s4s"]
    for sure in ("0 1", "0 1 2", "0 2", "-1 1", "1 2 3", "1 2 3 4 5", "0 4"):
        assert len(schemes(*sure.split())) == 1
    assert schemes("0", "7") == schemes("12") == schemes("good") == []
    (_, other, _) = possible_schemes(["1", "2"])
    assert parse_labels(["2", "1"], other).values == ("positive", "neutral")


def test_labels_that_are_not_understood_are_counted() -> None:
    found = parse_labels(["great", "great", "??", "pos"])
    assert found.unknown == {"great": 2, "??": 1}


def test_the_largest_field_is_allowed_to_the_whole_process() -> None:
    assert csv.field_size_limit() >= MAX_BYTES
