"""Sending by SMTP: what was refused, what was sent, and what nobody can know, kept apart."""

from __future__ import annotations

import smtplib
import ssl

from mail.boxes.server_address import ServerAddress, server_address
from mail.sending.transport import SendRefused, SendUncertain

_TIMEOUT = 30.0


class SmtpTransport:
    """One connection per mail: replies are few, and a fresh connection has no past.

    TLS is verified always; without TLS only to this machine. After the final dot only the server's answer counts:
    when none comes, the mail may have been sent (RFC 1047), and SendUncertain says so.
    """

    def __init__(self, url: str, password: str | None = None, *, timeout: float = _TIMEOUT) -> None:
        """Raises ValueError for an address that is none."""
        self.server = server_address(url, {"smtps": 465, "smtp": 587})
        self._password = password
        self._timeout = timeout

    def send(self, mail: bytes, sender: str, recipient: str) -> None:
        connection = self._connect()
        try:
            self._hand_over(connection, mail, sender, recipient)
        finally:
            connection.close()

    def check(self) -> None:
        """Connect and log in. Raises SendRefused."""
        self._connect().close()

    def close(self) -> None:
        """Nothing is held open."""

    def _connect(self) -> smtplib.SMTP:
        server, context = self.server, ssl.create_default_context()
        try:
            connection = self._open(server, context)
        except (OSError, smtplib.SMTPException) as error:
            raise SendRefused(f"cannot reach {server.host}:{server.port}: {error}") from error
        try:
            connection.ehlo_or_helo_if_needed()
            if server.scheme == "smtp" and connection.has_extn("starttls"):
                connection.starttls(context=context)
                connection.ehlo()
            elif server.scheme == "smtp" and not server.is_loopback:
                raise SendRefused(f"{server.host} offers no STARTTLS: use smtps://, nothing is sent unencrypted")
            if server.user and self._password is not None:
                connection.login(server.user, self._password)
        except smtplib.SMTPAuthenticationError as error:
            connection.close()
            raise SendRefused(f"{server.host} refused the password of {server.user}: {_words(error)}") from error
        except (OSError, smtplib.SMTPException) as error:
            connection.close()
            raise SendRefused(f"{server.host} broke off before the mail was handed over: {error}") from error
        except SendRefused:
            connection.close()
            raise
        return connection

    def _open(self, server: ServerAddress, context: ssl.SSLContext) -> smtplib.SMTP:
        if server.scheme == "smtps":
            return smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout, context=context)
        return smtplib.SMTP(server.host, server.port, timeout=self._timeout)

    def _hand_over(self, connection: smtplib.SMTP, mail: bytes, sender: str, recipient: str) -> None:
        try:
            for code, answer in (connection.mail(sender), connection.rcpt(recipient)):
                if code not in (250, 251):
                    raise SendRefused(f"{self.server.host} refused: {code} {answer.decode('utf-8', 'replace')}")
            code, answer = connection.docmd("DATA")
            if code != 354:
                raise SendRefused(f"{self.server.host} refused: {code} {answer.decode('utf-8', 'replace')}")
        except (OSError, smtplib.SMTPException) as error:
            raise SendRefused(f"{self.server.host} broke off before the mail was handed over: {error}") from error
        try:
            connection.send(_dotted(mail))
        except (OSError, smtplib.SMTPException) as error:  # without the final dot there is no mail
            raise SendRefused(f"{self.server.host} broke off while the mail was handed over: {error}") from error
        try:
            connection.send(b".\r\n")
            code, answer = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise SendUncertain(
                f"{self.server.host} broke off before it answered: {error or type(error).__name__}"
            ) from error
        if not 200 <= code < 600:
            raise SendUncertain(f"{self.server.host} gave no proper answer: {answer.decode('utf-8', 'replace')}")
        if code >= 400:
            raise SendRefused(f"{self.server.host} refused: {code} {answer.decode('utf-8', 'replace')}")


def _dotted(mail: bytes) -> bytes:
    """The mail as DATA wants it: CRLF line ends, leading dots doubled."""
    lines = mail.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines)


def _words(error: smtplib.SMTPResponseException) -> str:
    said = error.smtp_error
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
