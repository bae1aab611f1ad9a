"""Who really sent a mail: results, signatures, seals, lists of senders."""
