"""What mails say, and how mail leaves."""
