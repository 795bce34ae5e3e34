"""Other ways from renders to photographs, trained on the same splits and judged alike."""
