"""A real IMAP server on loopback over one Maildir, for the demo and for tests."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_PLACES = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")

_CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{maildir}
mailbox_list_index = no
maildir_very_dirty_syncs = no
mail_max_userip_connections = 50
imap_idle_notify_interval = 29 mins
namespace inbox {{
  inbox = yes
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


@dataclass(frozen=True, kw_only=True)
class DovecotServer:
    """A server that runs; mails put into `maildir` (as the `mailbox` module does) are delivered."""

    host: str
    port: int
    user: str
    maildir: Path

    @property
    def url(self) -> str:
        """For `mailboxes: source`."""
        return f"imap://{self.user}@{self.host}:{self.port}/INBOX"


def find_dovecot() -> str | None:
    """The path of the installed server, or None."""
    return shutil.which("dovecot", path=os.pathsep.join([os.environ.get("PATH", ""), *_PLACES]))


@contextmanager
def running_dovecot(folder: Path, user: str, password: str) -> Iterator[DovecotServer]:
    """An IMAP server on a free loopback port while the block runs, without encryption, over `folder/Maildir`.

    Started by root it drops to an unprivileged account; where that may not enter `folder`, the Maildir lies in a
    temporary folder that goes with the server. Raises FileNotFoundError without an installed Dovecot, RuntimeError
    with its log where it does not start.
    """
    program = find_dovecot()
    if program is None:
        raise FileNotFoundError("Dovecot is not installed: on Debian, `apt-get install dovecot-imapd`")
    with tempfile.TemporaryDirectory(prefix="dovecot-") as name:  # short: sockets' paths end at 108 characters
        own, account, port = Path(name), _account(), _free_port()
        maildir = (folder.resolve() if _may_enter(folder.resolve()) else own) / "Maildir"
        _prepare(own, maildir, account)
        (own / "users").write_text(f"{user}:{{PLAIN}}{password}::::::\n", encoding="utf-8")
        names = {"user": account.pw_name, "group": grp.getgrgid(account.pw_gid).gr_name}
        ids = {"uid": account.pw_uid, "gid": account.pw_gid}
        config = own / "dovecot.conf"
        config.write_text(_CONFIG.format(folder=own, maildir=maildir, port=port, **names, **ids), encoding="utf-8")
        server = subprocess.Popen(  # noqa: S603 -- our own file, by its full path
            [program, "-F", "-c", str(config)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            _await_greeting(server, port, own / "dovecot.log")
            yield DovecotServer(host="127.0.0.1", port=port, user=user, maildir=maildir)
        finally:
            _end(server)


def _account() -> pwd.struct_passwd:
    """Who the server's workers are: ourselves, or for root somebody without rights (Dovecot refuses root's mail)."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    for name in ("dovenull", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("no unprivileged account (dovenull, nobody) to run Dovecot's workers as")


def _may_enter(folder: Path) -> bool:
    """Whether the workers' account can reach the folder; nobody's permissions are changed for it."""
    folder.mkdir(parents=True, exist_ok=True)
    return os.geteuid() != 0 or all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


def _prepare(own: Path, maildir: Path, account: pwd.struct_passwd) -> None:
    """Make the folders, and give them to the workers' account."""
    own.chmod(0o755)
    folders = [own / "run", own / "home", maildir, *(maildir / part for part in ("cur", "new", "tmp"))]
    for place in folders:
        place.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        for path in (own / "home", maildir, *maildir.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        server.wait(10)
    if server.poll() is None:
        server.kill()
        server.wait()
    if server.stderr:
        server.stderr.close()


def _await_greeting(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as probe:
            if probe.recv(64).startswith(b"* OK"):
                return
        time.sleep(0.05)
    ended = server.poll() is not None and server.stderr is not None
    said = server.stderr.read().decode("utf-8", "replace") if ended and server.stderr else ""
    said += log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else ""
    raise RuntimeError(f"Dovecot did not start: {said.strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
