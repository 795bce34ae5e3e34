"""Turns rendered pictures into ones that a real camera could have taken; no label moves."""
