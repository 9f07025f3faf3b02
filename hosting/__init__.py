"""What stands beside the pages where the app is hosted: JSON API, health check, counters, log.

It knows the engine and `pages/shared`, and no page knows it. `server.py` starts the app with it.
"""
