"""What does a network say about a photo, and where does it look for each word?"""

from pages.parts.captions import inside
from pages.shared import views
from pages.shared.header import begin_page

_ = begin_page()

views.show("captions", inside.VIEWS)
