"""The screen: one file is one page, one page is one question. No maths, no file paths."""
