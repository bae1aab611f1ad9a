"""Where mail comes from: IMAP, Maildir, mbox; and which of it could be ours."""
