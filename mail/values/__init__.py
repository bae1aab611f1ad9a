"""Dates, amounts and addresses as mails print them."""
