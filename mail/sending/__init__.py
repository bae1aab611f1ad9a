"""How mail leaves: built, then handed to SMTP or a Maildir."""
