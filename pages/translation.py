"""How does a network translate a sentence, and what does it look at for each word?"""

from pages.parts.translation import inside
from pages.shared import views
from pages.shared.header import begin_page

_ = begin_page()

views.show("translation", inside.VIEWS)
