"""What does a recurrent network remember? Everything there is to try, and where it comes from."""

from pages.parts.home import kinds, views
from pages.shared.header import begin_page

_ = begin_page()

kinds.draw()
views.search_slides()
views.draw()
