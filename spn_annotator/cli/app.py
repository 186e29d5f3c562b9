"""The application that commands register with."""

from __future__ import annotations

import typer

OPEN = "open"
"""What is called when no command is named; hidden."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Without a command, **spn-annotator PATH** opens the window on an image or a "
    "folder of images, **spn-annotator --sample** on the sample project. A folder that is named "
    "like a command is given as ./NAME.",
)


def command_names() -> tuple[str, ...]:
    """Return the names of the commands, without the hidden one."""
    return tuple(
        command.name or command.callback.__name__
        for command in app.registered_commands
        if command.callback is not None and not command.hidden
    ) + tuple(group.name for group in app.registered_groups if group.name)
