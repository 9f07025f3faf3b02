"""Character language models (slides 8-10 and 54): reader, recipes, evaluation, sampling."""
