"""Files in the view "Many sentences": labels, columns, and what nobody should upload."""

from __future__ import annotations

import pytest

from tests.pages.opened import widget
from tests.pages.sentiment_many_page import START, UPLOADER, has, quiet, said, started, upload

CSV = "id,text,label\n1,The food was good,positive\n2,It broke,negative\n3,dull but good,neg\n"

pytestmark = pytest.mark.usefixtures("fake_models")


def test_a_file_with_labels_gives_accuracy() -> None:
    at = started(upload(CSV))
    assert widget(at, "sentiment_many_1_text_True").value == 1
    assert widget(at, "sentiment_many_1_label_True_1").value == 2
    table = at.dataframe[0].value
    assert list(table["row"]) == [2, 3, 4]
    assert list(table["label"]) == ["positive", "negative", "neg"]
    assert list(table["correct"]) == [True, True, False]
    assert "**Accuracy 66.7%**: 2 of 3" in said(at)
    assert "A file is not part of the link" in said(at)
    drawn = {figure.key for figure in at.get("plotly_chart")}
    assert {"sentiment_many_shares", "sentiment_many_confusion"} <= drawn


def test_other_columns_can_be_chosen_without_reading_again() -> None:
    at = started(upload(CSV))
    widget(at, "sentiment_many_1_label_True_1").set_value(-1).run()
    assert "Accuracy" not in said(quiet(at))
    assert "correct" not in at.dataframe[0].value
    assert not has(at, START)
    widget(at, "sentiment_many_1_text_True").set_value(2).run()
    assert has(quiet(at), START)


def test_a_file_without_heading() -> None:
    at = upload("good food here;1\nIt broke down;0\n")
    heading = at.toggle(key="sentiment_many_1_heading")
    assert heading.value is False
    assert "column 2" in widget(at, "sentiment_many_1_label_False_0").options
    heading.set_value(True).run()
    assert "Start: 1 row" in [button.label for button in quiet(at).button]


def test_what_numbers_mean_and_what_is_not_understood_is_said() -> None:
    at = started(upload("text,label\ngood,1\nbroke,0\ndull,\nxem,[x](javascript:0)\n"))
    assert r"0 \= negative, 1 \= positive" in said(at)
    assert "1 label was not understood" in said(at)
    assert "[x](javascript" not in said(at)
    assert "1 row has no label" in said(at)
    assert "of 2 labelled texts" in said(at)


def test_numbers_that_can_mean_two_things_are_asked_about() -> None:
    at = started(upload("text,label\nThe food was good,2\nIt broke,1\n"))
    scheme = widget(at, "sentiment_many_1_scheme_True_1")
    assert scheme.options == [
        "1 = negative, 2 = positive",
        "1 = neutral, 2 = positive",
        "1 = negative, 2 = neutral",
    ]
    assert r"taken to mean: 1 \= negative, 2 \= positive" in said(at)
    assert "**Accuracy 100.0%**" in said(at)
    scheme.set_value({"1": "negative", "2": "neutral"}).run()
    assert "**Accuracy 50.0%**" in said(quiet(at))
    at = upload("text,label\nThe food was good,1\nIt broke,0\n")
    assert "sentiment_many_1_scheme_True_1" not in {box.key for box in at.selectbox}


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_what_was_assumed_of_a_file_is_said(lang: str) -> None:
    text = 'Survey\n\ntext;label\n"He said \\"good; really\\" to me";P\n"It broke; badly";N\n'
    at = started(upload(text.encode("utf-16-le"), lang=lang))
    told = said(at)
    assert "UTF-16" in told
    if lang == "en":
        assert "1 line above the table was left out." in told
        assert "after a backslash" in told
        assert r"p \= positive, n \= negative" in told
    assert list(at.dataframe[0].value.iloc[:, 0]) == [4, 5]


def test_two_labels_and_a_model_with_three() -> None:
    at = started(upload("nội dung,nhãn\nxem tạm,tích cực\nbị hỏng,tiêu cực\n"))
    assert at.dataframe[0].value["verdict"][0] == "positive"
    assert "larger of the two" not in said(at)
    at = started(upload("nội dung,nhãn\ntạm được,tích cực\nbị hỏng,tiêu cực\n"))
    assert "**Accuracy 100.0%**" in said(at)
    assert at.dataframe[0].value["verdict"][0] == "neutral"
    assert "not the verdict in the table: 1." in said(at)


def test_a_mixed_file_and_the_override_in_settings() -> None:
    mixed = "text\nThe food was good\nMón ăn rất ngon\n"
    at = started(upload(mixed))
    assert list(at.dataframe[0].value["language"]) == ["en", "vi"]
    widget(at, "sentiment_language").set_value("vi").run()
    assert has(quiet(at), START)
    started(at)
    assert list(at.dataframe[0].value["language"]) == ["vi", "vi"]
    assert "The language was chosen" in said(at)


def test_a_cut_file_says_so() -> None:
    at = upload("text\n" + "good\n" * 1_200)
    assert "There are 1,200 rows. The first 1,000 are taken" in said(at)


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "picture.csv"),
        (b"PK\x03\x04\x14\x00", "book.csv"),
        ("caf\xe9 tr\xe8s bon".encode("latin-1"), "latin.txt"),
        (b"", "empty.tsv"),
        (b"text,label\n", "heading.csv"),
        (b"text,label\n,pos\n", "column.csv"),
        (b"x" * (2 * 1024**2 + 1), "large.txt"),
        (b"\x00", "[x](javascript:0)<b>.csv"),
    ],
)
def test_a_hostile_file_gets_one_message_and_can_be_taken_back(
    data: bytes, name: str, lang: str
) -> None:
    at = upload(data, name, lang)
    (message,) = at.error
    assert message.value
    assert "](javascript" not in said(at)
    assert not has(at, START)
    quiet(at.button(key="sentiment_many_file").click().run())
    assert not at.error
    assert at.file_uploader(key=UPLOADER).key == UPLOADER


def test_cells_of_html_are_shown_as_text() -> None:
    at = started(upload("text\n<img src=x onerror=alert(1)> good\nשלום good food\n=1+1 good\n"))
    assert list(at.dataframe[0].value["text"]) == [
        "<img src=x onerror=alert(1)> good",
        "שלום good food",
        "\u00a0=1+1 good",
    ]
    assert "onerror" not in said(at)
