"""No word is missing in any language, and the words of the window change with it."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QTranslator

from spn_annotator.gui import i18n
from spn_annotator.gui.action_table import BY_ID, MENUS
from spn_annotator.gui.i18n import LANGUAGES, install, number, system_language, tr, tr_n
from spn_annotator.paths import resources_dir

OTHERS = [code for code in LANGUAGES if code != "en"]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The program that keeps the translations."""
    path = Path(__file__).resolve().parents[2] / "scripts" / "update_translations.py"
    spec = importlib.util.spec_from_file_location("update_translations", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def english(qapp) -> Iterator[None]:
    yield
    install("en")


@pytest.mark.parametrize("language", OTHERS)
def test_no_word_is_missing_and_none_is_left_over(script: ModuleType, language: str) -> None:
    known = script.read_ts(resources_dir() / "translations" / f"spn_annotator_{language}.ts")
    words = set(script.all_words())
    hint = "run scripts/update_translations.py and translate what it names"
    assert sorted(words - known.keys()) == [], hint
    assert sorted(known.keys() - words) == [], hint


@pytest.mark.parametrize("language", OTHERS)
def test_names_in_braces_and_marks_of_menus_are_kept(script: ModuleType, language: str) -> None:
    known = script.read_ts(resources_dir() / "translations" / f"spn_annotator_{language}.ts")
    for word, translation in known.items():
        names = set(re.findall(r"\{\w+\}", word))
        assert set(re.findall(r"\{\w+\}", translation)) == names, word
        assert word.endswith("…") == translation.endswith("…"), word
        assert translation.count("&") == word.count("&"), word


@pytest.mark.parametrize("language", OTHERS)
def test_mnemonics_of_a_menu_do_not_clash(script: ModuleType, language: str) -> None:
    known = script.read_ts(resources_dir() / "translations" / f"spn_annotator_{language}.ts")
    menus = {title: [BY_ID[e].text for e in menu if e in BY_ID] for title, menu in MENUS}
    menus["&File"].append("Open &recent")
    menus["the menu bar"] = [title for title, _ in MENUS]
    for title, words in menus.items():
        marks = [re.search(r"&(.)", known[word]) for word in words]
        letters = Counter(mark[1].lower() for mark in marks if mark)
        assert [letter for letter, count in letters.items() if count > 1] == [], title


@pytest.mark.parametrize("language", OTHERS)
def test_the_file_that_is_loaded_says_what_the_source_says(
    script: ModuleType, language: str
) -> None:
    folder = resources_dir() / "translations"
    translator = QTranslator()
    assert translator.load(f"spn_annotator_{language}", str(folder))
    for word, translation in script.read_ts(folder / f"spn_annotator_{language}.ts").items():
        assert translator.translate("spn_annotator", word) == translation


def test_words_numbers_and_plurals_follow_the_language() -> None:
    assert install("de") == "de"
    assert tr("Undo") == "Undo", "a word that nobody shows stays as it is"
    assert tr("&Undo").replace("&", "") == "Rückgängig"
    assert tr("Opening {name}", name="x") == "x wird geöffnet"
    assert tr_n("{n} object", "{n} objects", 1) == "1 Objekt"
    assert tr_n("{n} object", "{n} objects", 1234) == "1.234 Objekte"
    assert install("zh_CN") == "zh_CN"
    assert tr_n("{n} object", "{n} objects", 1) == "1 个对象"
    assert install("en") == "en"
    assert number(1234) == "1,234"


@pytest.mark.parametrize(
    ("names", "language"),
    [(["de-AT", "en"], "de"), (["zh-Hans-CN"], "zh_CN"), (["fi", "en"], "en"), (["fi"], "en")],
)
def test_the_language_of_the_system_is_found(
    monkeypatch: pytest.MonkeyPatch, names: list[str], language: str
) -> None:
    class System:
        @staticmethod
        def system() -> System:
            return System()

        @staticmethod
        def uiLanguages() -> list[str]:
            return names

    monkeypatch.setattr(i18n, "QLocale", System)
    assert system_language() == language


def test_the_window_speaks_german(qapp, request: pytest.FixtureRequest) -> None:
    install("de")
    window = request.getfixturevalue("window")
    titles = [action.text().replace("&", "") for action in window.menuBar().actions()]
    assert titles[:3] == ["Datei", "Bearbeiten", "Werkzeuge"]
    assert "Verfeinern" in window.actions_["refine"].toolTip()
    assert "Grobe Striche" in window.empty.title
    window.actions_["language_en"].trigger()
    assert window.settings.language == "en"
