"""Comments, history and stored proposals of a project."""

from __future__ import annotations

from pathlib import Path

from spn_annotator.errors import UsageError
from spn_annotator.project import review_store
from spn_annotator.project.catalogue import Catalogue
from spn_annotator.project.records import Action, Comment, Event, ProposalInfo

MAX_COMMENT = 10_000
"""Longest comment, in characters."""


class ReviewedCatalogue(Catalogue):
    """Adds what people say about images, and who did what."""

    def comments(self, image_id: int) -> list[Comment]:
        """Return the comments of an image, in the order they were written."""
        self.image(image_id)
        with self._database.reading() as connection:
            return review_store.read_comments(connection, image_id)

    def add_comment(self, image_id: int, text: str) -> Comment:
        """Add a comment of `author` to an image.

        Raises
        ------
        UsageError
            There is no such image, or the text is empty or longer than `MAX_COMMENT`.
        SaveError
            It cannot be stored.
        """
        text = text.strip()
        if not text:
            raise UsageError("an empty comment says nothing")
        if len(text) > MAX_COMMENT:
            raise UsageError(f"a comment has at most {MAX_COMMENT:,} characters, got {len(text):,}")
        with self._mutex:
            self.image(image_id)
            self._check_writable()
            with self._database.writing() as connection:
                comment = review_store.add_comment(
                    connection, image_id, author=self.author, text=text
                )
                self._note(connection, image_id, Action.COMMENTED)
            return comment

    def remove_comment(self, comment_id: int) -> None:
        """Remove a comment; UsageError if there is none, SaveError if that cannot be stored."""
        with self._mutex:
            self._check_writable()
            with self._database.writing() as connection:
                image_id = review_store.remove_comment(connection, comment_id)
                if image_id is None:
                    raise UsageError(f"there is no comment with the id {comment_id}")
                self._note(connection, image_id, Action.COMMENT_REMOVED)

    def history(self, image_id: int | None = None, *, limit: int = 1000) -> list[Event]:
        """Return who did what, when and with which model, the newest first.

        Parameters
        ----------
        image_id : int, optional
            Of one image; of the whole project if it is not named.
        limit : int
            At most so many.
        """
        with self._database.reading() as connection:
            return review_store.read_events(connection, image_id, limit=limit)

    def proposal_info(self, image_id: int) -> ProposalInfo | None:
        """Return model, time and confidence of the stored proposal, None without one."""
        with self._database.reading() as connection:
            return review_store.read_proposal(connection, image_id)

    def back_up(self) -> Path:
        """Copy the project file into the folder of backups; SaveError if that does not work."""
        with self._mutex:
            self._check_writable()
            return self._database.back_up()
