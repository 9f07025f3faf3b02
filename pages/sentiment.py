"""Is this text positive or negative, and at which word does the network decide?"""

from engine.errors import N_
from pages.parts.sentiment import (
    compare,
    failures,
    gradient,
    influence,
    many,
    pooling,
    reading,
)
from pages.shared import views
from pages.shared.header import begin_page

_ = begin_page()

views.show(
    "sentiment",
    {
        "read": (N_("Read"), reading.draw),
        "gradient": (N_("Gradient"), gradient.draw),
        "pooling": (N_("Pooling"), pooling.draw),
        "influence": (N_("Influence"), influence.draw),
        "compare": (N_("Compare two"), compare.draw),
        "many": (N_("Many sentences"), many.draw),
        "fails": (N_("Where it fails"), failures.draw),
    },
    renamed={"steps": "gradient"},
)
