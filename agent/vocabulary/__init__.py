"""The ground floor: the words that mails, pages and judgement share. Pure; imports nothing else of orderwatch."""
