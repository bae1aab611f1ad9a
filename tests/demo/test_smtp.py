"""The demo's way out."""

from __future__ import annotations

import mailbox
import smtplib
from email.message import EmailMessage
from pathlib import Path

import pytest

from agent.demo.smtp import running_smtp


@pytest.mark.server
def test_what_is_sent_is_kept(tmp_path: Path) -> None:
    """A mail handed to the sink is a file of its Maildir, whole."""
    message = EmailMessage()
    message["From"] = "orderwatch@harbourlane.example"
    message["To"] = "june@harbourlane.example"
    message["Subject"] = "Digest – 25 November"
    message.set_content("One order needs you today.\n")
    with running_smtp(tmp_path / "sent") as sink:
        with smtplib.SMTP(sink.host, sink.port, timeout=10) as client:
            client.send_message(message)
        assert sink.url == f"smtp://127.0.0.1:{sink.port}"
    (kept,) = mailbox.Maildir(tmp_path / "sent", create=False)
    assert "needs you today" in str(kept.get_payload())
