"""Files that belong together: those of one stem, ``a.jpg`` and ``a.png``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spn_annotator.errors import FileReadError, UsageError
from spn_annotator.formats.images import list_images, natural_key


@dataclass(frozen=True)
class StemFiles:
    """The image files of one place by their stem.

    Attributes
    ----------
    source : Path
        The folder, or the one file.
    by_stem : dict of str to tuple of Path
        In natural order of the stems. More than one file means that a name is used twice.
    """

    source: Path
    by_stem: dict[str, tuple[Path, ...]]

    @property
    def is_file(self) -> bool:
        """Whether the place is one file."""
        return self.source.is_file()

    def picture(self, stem: str) -> Path | None:
        """Return the file of a stem, or None.

        Raises
        ------
        FileReadError
            Several files have this stem.
        """
        return _only(self.by_stem.get(stem, ()))

    def mask(self, stem: str) -> Path | None:
        """Return the mask of a stem, or None; a PNG goes before files of other kinds.

        Raises
        ------
        FileReadError
            Several files have this stem and the PNG among them is not the only one.
        """
        found = self.by_stem.get(stem, ())
        maps = tuple(path for path in found if path.suffix.lower() == ".png")
        return _only(maps or found)


def files_by_stem(source: Path | str, *, what: str) -> StemFiles:
    """Return the image files of a folder, or one file, by their stem.

    Parameters
    ----------
    source : Path or str
        A file, or a folder whose own files are taken, not those of folders inside it.
    what : str
        What the files are, for messages: ``"images"``.

    Raises
    ------
    UsageError
        It does not exist, cannot be read, or the folder holds no image file.
    """
    source = Path(source)
    if source.is_file():
        return StemFiles(source, {source.stem: (source,)})
    if not source.exists():
        raise UsageError(
            f"does not exist ({what})", path=source, remedy="Name a file or a folder of files"
        )
    try:
        paths = list_images(source)
    except FileReadError as error:
        raise UsageError(error.message, path=source, remedy=error.remedy) from error
    if not paths:
        raise UsageError(
            f"holds no image files ({what})",
            path=source,
            remedy="Name a folder that has JPEG, PNG, TIFF, WebP or BMP files in it",
        )
    by_stem: dict[str, tuple[Path, ...]] = {}
    for path in sorted(paths, key=lambda path: natural_key(path.stem)):
        by_stem[path.stem] = (*by_stem.get(path.stem, ()), path)
    return StemFiles(source, by_stem)


def _only(paths: tuple[Path, ...]) -> Path | None:
    if len(paths) > 1:
        names = " and ".join(path.name for path in paths)
        raise FileReadError(
            f"{names} have the same stem", path=paths[0], remedy="Rename or remove all but one"
        )
    return paths[0] if paths else None
