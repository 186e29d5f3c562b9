"""Opening what a user names."""

from __future__ import annotations

from pathlib import Path

from spn_annotator.errors import FileReadError
from spn_annotator.formats.images import IMAGE_SUFFIXES, read_size
from spn_annotator.project.locations import inside
from spn_annotator.project.project import PROJECT_NAME, Project


def open_path(path: Path | str) -> tuple[Project, int | None]:
    """Open what a user names: a folder, a project file, or one image.

    Parameters
    ----------
    path : Path or str
        Of an image, the folder it lies in is opened.

    Returns
    -------
    (Project, int or None)
        The project, its folder looked through, and the id of the image named, if one was.

    Raises
    ------
    FileReadError
        There is nothing at the path, or neither a folder nor an image.
    FormatError
        As `Project.open`; or the image is a link that leads out of its folder.
    """
    path = Path(path)
    if path.is_dir():
        folder, name = path, None
    elif path.name == PROJECT_NAME and path.is_file():
        folder, name = path.parent, None
    elif not path.exists():
        raise FileReadError("does not exist", path=path, remedy="Check the name")
    elif path.suffix.lower() not in IMAGE_SUFFIXES:
        raise FileReadError(
            "is neither a folder nor an image", path=path, remedy="Name a folder or an image"
        )
    else:
        folder, name = path.parent, path.name
    if name is not None:
        inside(folder, name)
        read_size(path)  # a file that is no image makes no project
    project = Project.open(folder)
    try:
        project.scan()
        project.recover()
        if name is None:
            return project, None
        record = project.find(name)
        if record is None:
            raise FileReadError("is not listed among the images of its folder", path=path)
        return project, record.id
    except BaseException:
        project.close()
        raise
