"""One view of the page Translation each."""
