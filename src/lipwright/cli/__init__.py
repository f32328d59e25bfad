"""The command line: `commands` holds one file for each, `terminal` what they share, `main` lists them.

A command's module holds ``app``, a :class:`typer.Typer`; its name and summary stand in the table of
:mod:`lipwright.cli.main`, which loads the module only when the command is asked for. Whatever is slow to
load or comes with an extra (the engine's rooms, the server) is imported inside the function that needs it.
"""
