"""What eBay's mails have in common: members, titles, amounts, deadlines, several orders in one mail."""
