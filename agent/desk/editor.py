"""A text changed in the human's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path


def in_editor(text: str) -> str | None:
    """The text as the human left it in $VISUAL or $EDITOR; None where the editor failed or could not be started."""
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with tempfile.TemporaryDirectory(prefix="orderwatch-") as folder:
        path = Path(folder) / "draft.txt"
        path.write_text(text, encoding="utf-8")
        try:
            subprocess.run([*command, str(path)], check=True)  # noqa: S603 -- the user's own choice of program
        except (OSError, subprocess.CalledProcessError):
            return None
        return path.read_text(encoding="utf-8")
