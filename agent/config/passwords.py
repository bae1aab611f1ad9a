"""A password from where the configuration says it is. At the edge: reads files, variables, programs, keyrings."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

from agent.config.settings import Password

_PATIENCE = 30  # seconds for a password program, which may ask its owner


class NoPassword(Exception):
    """The password cannot be had; the message says what to do. It never holds the password."""


def resolve_password(password: Password, env: Mapping[str, str], folder: Path) -> str:
    """The password itself; `folder` is the configuration's. Raises NoPassword."""
    if password.env is not None:
        found = env.get(password.env)
        if not found:
            raise NoPassword(f"the environment variable {password.env} is not set: set it, or use another way")
    elif password.file is not None:
        found = _of_file(folder / Path(password.file).expanduser())
    elif password.credential is not None:
        found = _of_credential(password.credential, env)
    elif password.command is not None:
        found = _of_command(password.command, folder)
    else:
        found = _of_keyring(password.keyring or "")
    found = found.split("\n", 1)[0].rstrip("\r")
    if not found:
        raise NoPassword("the password is empty")
    return found


def _of_file(path: Path) -> str:
    """Of a file that nobody else may read (as ssh asks it of its keys)."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise NoPassword(f"{path}: {error.strerror}; a password file must exist and be no link") from None
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise NoPassword(f"{path} is no ordinary file")
        if about.st_uid not in (os.geteuid(), 0):
            raise NoPassword(f"{path} belongs to somebody else: give it to the user that runs orderwatch")
        if about.st_mode & 0o077:
            raise NoPassword(f"others may read {path}: run chmod 600 {shlex.quote(str(path))}")
        return _decoded(os.read(handle, 4096), str(path))
    finally:
        os.close(handle)


def _of_credential(name: str, env: Mapping[str, str]) -> str:
    folder = env.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise NoPassword(f"no systemd credentials here: add LoadCredential={name}:PATH to the service")
    if "/" in name or name in ("", ".", ".."):
        raise NoPassword(f'"{name}" is no name of a credential')
    try:
        return _decoded((Path(folder) / name).read_bytes()[:4096], name)
    except OSError as error:
        raise NoPassword(
            f"credential {name}: {error.strerror}; add LoadCredential={name}:PATH to the service"
        ) from None


def _of_command(command: str | list[str], folder: Path) -> str:
    try:
        words = shlex.split(command) if isinstance(command, str) else command
        if not words:
            raise NoPassword("the password command is empty: write the program that prints the password")
        done = subprocess.run(  # noqa: S603 -- the seller's own words, no shell
            words, capture_output=True, timeout=_PATIENCE, check=False, cwd=folder, stdin=subprocess.DEVNULL
        )
    except ValueError as error:
        raise NoPassword(f"the password command cannot be read ({error})") from None
    except OSError as error:
        raise NoPassword(f"the password command {words[0]} cannot be run: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise NoPassword(f"the password command {words[0]} gave no answer in {_PATIENCE} s") from None
    if done.returncode != 0:
        raise NoPassword(f"the password command {words[0]} failed with code {done.returncode}: try it by hand")
    return _decoded(done.stdout[:4096], words[0])


def _of_keyring(entry: str) -> str:
    import keyring  # slow to load, and needed by few
    from keyring.errors import KeyringError

    service, _, name = entry.rpartition("/")
    service = service or "orderwatch"
    try:
        found = keyring.get_password(service, name)
    except KeyringError as error:
        said = str(error).partition(". ")[0]  # what follows is advice for programmers
        raise NoPassword(f"the keyring cannot be opened ({said}): use env, file or credential") from None
    if not found:
        raise NoPassword(f"the keyring holds no {entry}: run keyring set {service} {name}")
    return found


def _decoded(raw: bytes, where: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise NoPassword(f"{where}: the password is no UTF-8 text") from None
