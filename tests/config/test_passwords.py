"""Where passwords come from, and what is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agent.config.passwords import NoPassword, resolve_password
from agent.config.settings import Password

SECRET = "s3cret of the shop"


def resolve(folder: Path, environment: dict[str, str] | None = None, /, **where: object) -> str:
    """The password that a configuration in `folder` means."""
    return resolve_password(Password.model_validate(where), environment or {}, folder)


def test_of_the_environment(tmp_path: Path) -> None:
    """A variable that is set is the password; one that is not says so."""
    assert resolve(tmp_path, {"SHOP": SECRET}, env="SHOP") == SECRET
    with pytest.raises(NoPassword, match="SHOP is not set"):
        resolve(tmp_path, env="SHOP")


def test_of_a_file(tmp_path: Path) -> None:
    """The first line of a file that only its owner may read."""
    file = tmp_path / "shop.password"
    file.write_text(f"{SECRET}\nnot this\n")
    file.chmod(0o600)
    assert resolve(tmp_path, file="shop.password") == SECRET
    assert resolve(tmp_path, file=str(file)) == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    """As ssh does with keys; the message says which command mends it, and not the password."""
    file = tmp_path / "p"
    file.write_text(SECRET)
    file.chmod(mode)
    with pytest.raises(NoPassword, match="chmod 600") as refused:
        resolve(tmp_path, file="p")
    assert SECRET not in str(refused.value)


def test_links_folders_and_nothing_are_no_password_files(tmp_path: Path) -> None:
    """A link may be turned elsewhere after it was checked."""
    file = tmp_path / "p"
    file.write_text(SECRET)
    file.chmod(0o600)
    tmp_path.joinpath("link").symlink_to(file)
    for name in ("link", "missing", "."):
        with pytest.raises(NoPassword):
            resolve(tmp_path, file=name)
    file.write_text("\n")
    with pytest.raises(NoPassword, match="empty"):
        resolve(tmp_path, file="p")


def test_of_a_command(tmp_path: Path) -> None:
    """The first line that a program prints; no shell sees the words."""
    program = [sys.executable, "-c", f"print({SECRET!r})"]
    assert resolve(tmp_path, command=program) == SECRET
    assert resolve(tmp_path, command="echo '$HOME;x'") == "$HOME;x"
    with pytest.raises(NoPassword, match="failed with code 3"):
        resolve(tmp_path, command=[sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(NoPassword, match="cannot be run"):
        resolve(tmp_path, command="no-such-program-here")
    with pytest.raises(NoPassword, match="cannot be read"):
        resolve(tmp_path, command="echo 'open")


def test_of_a_systemd_credential(tmp_path: Path) -> None:
    """A name in systemd's folder, and nothing outside of it."""
    tmp_path.joinpath("shop").write_text(SECRET)
    env = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert resolve(tmp_path, env, credential="shop") == SECRET
    with pytest.raises(NoPassword, match="LoadCredential"):
        resolve(tmp_path, credential="shop")
    with pytest.raises(NoPassword, match="no name of a credential"):
        resolve(tmp_path, env, credential="../shop")
    with pytest.raises(NoPassword, match="LoadCredential=other"):
        resolve(tmp_path, env, credential="other")


def test_of_a_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`service/name`, or a name of the service orderwatch."""
    import keyring

    kept = {("orderwatch", "shop"): SECRET, ("mail", "box"): "other"}
    monkeypatch.setattr(keyring, "get_password", lambda service, name: kept.get((service, name)))
    assert resolve(tmp_path, keyring="shop") == SECRET
    assert resolve(tmp_path, keyring="mail/box") == "other"
    with pytest.raises(NoPassword, match="keyring set orderwatch none"):
        resolve(tmp_path, keyring="none")
