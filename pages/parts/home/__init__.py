"""The parts of the home page: one live tile per page of the app, the slides, the views below."""
