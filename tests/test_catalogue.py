"""The catalogues are complete and right, and the pages show no text that cannot be translated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from pages.shared.text import ASSETS, LANGUAGES, SOURCE
from tests import catalogue
from tests.project import python_files, read

CODE = catalogue.extracted()

# Where Streamlit's functions take text: positions of the arguments, and their names.
FIRST = (
    "title header subheader markdown caption text write info success warning error toast badge "
    "button download_button link_button menu_button form_submit_button popover expander tabs "
    "checkbox toggle radio selectbox multiselect pills segmented_control select_slider slider "
    "number_input text_input text_area chat_input date_input time_input color_picker feedback "
    "file_uploader camera_input audio_input metric spinner status dialog Column NumberColumn "
    "TextColumn CheckboxColumn ProgressColumn LinkColumn ListColumn ImageColumn"
)
POSITIONS = {**dict.fromkeys(FIRST.split(), 0), "progress": 1, "image": 1, "page_link": 1}
KEYWORDS = {
    *("label", "body", "help", "placeholder", "caption", "captions", "alt", "title", "text"),
    *("page_title", "delta_description"),
}

# What is no text: icons, colour directives and their attributes, code, filled-in values.
MARKUP = re.compile(r":material/\w+:|:[\w-]+\[|\{[^{}]*\}|`[^`]*`")


def literals(node: ast.expr) -> Iterator[str]:
    """Text written out in an expression; calls such as `_("…")` hide theirs."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else " " for v in values)
        case ast.BinOp(left=left, right=right):
            yield from (*literals(left), *literals(right))
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*literals(body), *literals(orelse))
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            yield from (text for element in elements for text in literals(element))
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "join" | "upper")):
            yield from literals(value)


def text_arguments(call: ast.Call) -> Iterator[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else None
    position = POSITIONS.get(name or "")
    if position is not None and len(call.args) > position:
        yield call.args[position]
    if name is not None:
        yield from (k.value for k in call.keywords if k.arg in KEYWORDS)


def bare_texts(path: str, text: str) -> list[str]:
    """Readable text that goes to the screen without passing the catalogue."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    found = [t for call in calls for node in text_arguments(call) for t in literals(node)]
    return [f"{path}: {t!r}" for t in found if re.search(r"[^\W\d_]{2}", MARKUP.sub("", t))]


def test_the_pages_show_no_bare_text() -> None:
    screen = [p for p in python_files() if p.startswith(("pages/", "streamlit_app"))]
    assert screen
    assert [fault for path in screen for fault in bare_texts(path, read(path))] == []


@pytest.mark.parametrize(
    "line",
    [
        'st.title("Hello")',
        'st.markdown(f"**Hello** {name}")',
        'column.button("Go" if ready else _("Wait"))',
        'st.text_input(_("Name"), placeholder="Your name")',
        'st.caption("{n} words".format(n=3))',
        'st.tabs([_("One"), "Two"])',
        'st.image(picture, "A dog")',
        'st.write("a" + "bc")',
    ],
)
def test_a_bare_text_is_found(line: str) -> None:
    assert bare_texts("pages/x.py", line)


@pytest.mark.parametrize(
    "line",
    [
        'st.title(_("Hello"))',
        'st.markdown(f"**{name}** · {count}")',
        'st.markdown(f"## :green[{headline}]")',
        'st.button(_("Go"), icon=":material/play_arrow:", key="home_go")',
        "st.markdown(f'## :color[{headline}]{{foreground=\"red\"}}')",
        'st.text_area(_("Text"), key="home_text", label_visibility="collapsed")',
        'title("Hello")',
    ],
)
def test_what_is_no_bare_text_passes(line: str) -> None:
    assert bare_texts("pages/x.py", line) == []


def test_every_language_but_the_source_has_a_catalogue_and_lessons() -> None:
    assert {*catalogue.catalogues()} == {*LANGUAGES} - {SOURCE}
    assert {path.name for path in (ASSETS / "lessons").iterdir()} == {*LANGUAGES}


@pytest.mark.parametrize("language", catalogue.catalogues())
def test_the_catalogue_is_complete_and_right(language: str) -> None:
    faults = list(catalogue.faults(catalogue.read(catalogue.catalogues()[language]), CODE))
    assert not faults, "python tests/catalogue.py helps with:\n" + "\n".join(faults)


def po(text: str) -> Catalog:
    return read_po(BytesIO(text.encode()), locale="vi")


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        ("", "not in the catalogue"),
        ('msgid "{n} words"\nmsgstr ""', "not translated"),
        ('#, fuzzy\nmsgid "{n} words"\nmsgstr "{n} từ"', "fuzzy"),
        ('msgid "{n} words"\nmsgstr "{m} từ"', "placeholders"),
        ('msgid "{n} words"\nmsgstr "{n từ"', "placeholders"),
        ('msgid "{n} words"\nmsgstr "**{n}** từ"', "Markdown"),
        ('msgid "{n} words"\nmsgstr "{n} từ"\n\nmsgid "old"\nmsgstr "cũ"', "no longer"),
        ('msgid "{n} words"\nmsgstr "{n} từ"\n\n#~ msgid "old"\n#~ msgstr "cũ"', "left over"),
    ],
)
def test_a_fault_is_found(entries: str, fault: str) -> None:
    code = Catalog()
    code.add("{n} words")
    found = list(catalogue.faults(po(entries), code))
    assert len(found) == 1
    assert fault in found[0]


def test_a_catalogue_without_faults_passes() -> None:
    code = Catalog()
    code.add("{n} words")
    code.add(("{n} model", "{n} models"))
    entries = (
        'msgid "{n} words"\nmsgstr "{n} từ"\n\n'
        'msgid "{n} model"\nmsgid_plural "{n} models"\nmsgstr[0] "{n} mô hình"\n'
    )
    assert list(catalogue.faults(po(entries), code)) == []


def vietnamese() -> Iterator[str]:
    for message in catalogue.read(catalogue.catalogues()["vi"]):
        yield str(message.string)
    for path in (ASSETS / "lessons" / "vi").glob("*.md"):
        yield path.read_text(encoding="utf-8")


def test_regression_is_not_recurrence() -> None:
    """ "Hồi quy" alone means regression: networks and cells have to be named."""
    bare = re.compile(r"(?<!mạng )(?<!\bô )hồi quy", re.IGNORECASE)
    assert [text for text in vietnamese() if bare.search(text)] == []


def test_texts_inside_formatted_strings_are_found() -> None:
    code = "f\"{how} {_('A text.')} {x:.{_('No format.')}}\""
    assert "A text." in catalogue.inside_formatted_strings(code)
    assert not [*catalogue.inside_formatted_strings("_('Babel finds this one.')")]
