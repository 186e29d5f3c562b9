"""Words in the person's language: English in the source, others through Qt's translators.

Every word that is shown goes through :func:`tr` or :func:`tr_n`, or is a field of the table of
actions (whose readers call them), or is marked with :func:`mark` where it stands and translated
where it is shown. ``scripts/update_translations.py`` finds them by these names and keeps
``resources/translations``.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from spn_annotator.paths import resources_dir

CONTEXT = "spn_annotator"

#: Languages that there are, by code, each in its own words.
LANGUAGES = {"en": "English", "de": "Deutsch", "zh_CN": "简体中文"}

AUTO = "auto"


def tr(text: str, /, **values: object) -> str:
    """Return a text in the language in use.

    Parameters
    ----------
    text : str
        In English; a literal, so that it can be found.
    **values
        Take the places of the names in braces.
    """
    translated = QCoreApplication.translate(CONTEXT, text)
    return translated.format(**values) if values else translated


def tr_n(one: str, many: str, /, n: int, **values: object) -> str:
    """Return a text about ``n`` things; ``{n}`` stands for the number, written as one reads it."""
    return tr(one if n == 1 else many, n=number(n), **values)


def mark(text: str, /) -> str:
    """Return the text as it is: it is translated where it is shown."""
    return text


def number(value: int) -> str:
    """Return a whole number with its thousands set apart, as the language has it."""
    if _language_in_use() == "en":
        return f"{value:,}"
    return QLocale(_language_in_use()).toString(value)


def decimal(value: float, places: int) -> str:
    """Return a number with so many places after the point, as the language has it."""
    if _language_in_use() == "en":
        return f"{value:,.{places}f}"
    return QLocale(_language_in_use()).toString(float(value), "f", places)


def system_language() -> str:
    """Return the language of the system, if it is one of ours, else English."""
    for name in QLocale.system().uiLanguages():
        found = _known(name)
        if found is not None:
            return found
    return "en"


def install(choice: str) -> str:
    """Use a language from now on; what is shown already stays as it is.

    Parameters
    ----------
    choice : str
        A key of :data:`LANGUAGES`, or "auto" for that of the system.

    Returns
    -------
    str
        The language in use.
    """
    application = QCoreApplication.instance()
    assert application is not None
    for translator in application.findChildren(QTranslator):
        application.removeTranslator(translator)
        translator.deleteLater()
        translator.setParent(None)
    language = choice if choice in LANGUAGES else system_language()
    application.setProperty("language", language)
    if language == "en":
        return language
    own = str(resources_dir() / "translations")
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for stem, folder in (("qtbase", qt), ("spn_annotator", own)):
        translator = QTranslator(application)
        if translator.load(f"{stem}_{language}", folder):
            application.installTranslator(translator)
    return language


def _language_in_use() -> str:
    application = QCoreApplication.instance()
    return "en" if application is None else str(application.property("language") or "en")


def _known(name: str) -> str | None:
    name = name.replace("-", "_")
    if name in LANGUAGES:
        return name
    start = name.split("_")[0]
    return next((code for code in LANGUAGES if code.split("_")[0] == start), None)
