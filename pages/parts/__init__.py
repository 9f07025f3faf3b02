"""One view of a page each, once the page no longer fits one screen of code."""
