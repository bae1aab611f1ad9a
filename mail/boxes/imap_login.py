"""A connection to an IMAP server, encrypted, logged in, and never reading more into memory than a mail may be."""

from __future__ import annotations

import imaplib
import socket
import ssl
from contextlib import suppress

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, LoginError

from mail.boxes.mailbox import MailboxSpec
from mail.boxes.raw import Refused, Transient
from mail.boxes.server_address import ServerAddress
from mail.parsing.mime import MAX_SIZE

_MAX_LITERAL = MAX_SIZE + 1_000_000
# Whatever a server says wrong ends the connection; the cursor says where to go on.
BROKEN = (OSError, imaplib.IMAP4.error, ValueError, TypeError, LookupError, AttributeError, AssertionError, EOFError)
_BUSY = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN", "TOO MANY", "TRY AGAIN", "TEMPORAR")


class Dropped(Transient):
    """The connection broke; a new one may do."""


def log_in(spec: MailboxSpec, server: ServerAddress) -> IMAPClient:
    """A connection that is logged in; no folder is open. Raises Dropped, Transient or Refused."""
    try:
        client = _connect(spec, server)
    except ssl.SSLCertVerificationError as error:
        raise Refused(f"the certificate of {server.host} is not valid: {error.verify_message}") from error
    except BROKEN as error:
        raise Dropped(f"cannot reach {server.host}:{server.port}: {error}") from error
    try:
        _authenticate(client, spec, server)
    except (Transient, Refused):
        shut(client)
        raise
    return client


def shut(client: IMAPClient) -> None:
    """End a connection without a word."""
    with suppress(*BROKEN):
        client.shutdown()


def _connect(spec: MailboxSpec, server: ServerAddress) -> IMAPClient:
    context = ssl.create_default_context()
    timeout = SocketTimeout(connect=min(20.0, spec.timeout), read=spec.timeout)
    encrypted = server.scheme == "imaps"
    client = IMAPClient(
        server.host, server.port, ssl=encrypted, ssl_context=context if encrypted else None, timeout=timeout
    )
    client.socket().setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if not encrypted and not server.is_loopback:
        try:
            client.starttls(context)
        except CapabilityError as error:
            shut(client)
            raise Refused(f"{server.host} offers no STARTTLS: use imaps://, nothing is read unencrypted") from error
        except BROKEN:
            shut(client)
            raise
    _cap_literals(client)
    client._imap.debug = 0  # IMAPClient has each answer written out for a log that nobody keeps
    return client


def _authenticate(client: IMAPClient, spec: MailboxSpec, server: ServerAddress) -> None:
    user = server.user or ""
    try:
        if spec.access_token is not None:
            client.oauth2_login(user, spec.access_token())
        else:
            client.login(user, spec.password or "")
    except LoginError as error:
        said = str(error).removeprefix("b").strip("'\"")
        if any(word in said.upper() for word in _BUSY):
            raise Transient(f"{server.host} lets nobody in now: {said}") from error
        raise Refused(
            f"{server.host} refused the login of {user}: {said} "
            "Check user and password; many providers want an app password here."
        ) from error
    except BROKEN as error:
        raise Dropped(f"{server.host} broke off at login: {error}") from error


def _cap_literals(client: IMAPClient) -> None:
    """Refuse to read a literal of any announced size into memory (cpython #119511)."""
    connection = client._imap
    read = connection.read

    def capped(size: int) -> bytes:
        if size > _MAX_LITERAL:
            raise connection.abort(f"a literal of {size} bytes")
        data: bytes = read(size)
        return data

    connection.read = capped
