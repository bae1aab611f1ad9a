"""What readers of pages share: documents, printed times, words and codes judged, numbers compared."""
