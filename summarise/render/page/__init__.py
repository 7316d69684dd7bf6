"""The brief as a page: one HTML file that opens from disk, prints, can be mailed, and loads nothing.

    markup      elements: text is escaped by construction, links lead nowhere but into the page
    desk        what every section needs: anchors, links to evidence, marks of change, what the filters go by
    page        the document: head, order of the sections, policy, style and script
    stance_map, positions, differences, questions, timeline, people, sources, changed    a section each, or a few
    passages    the articles, with everything that the brief took from them

It is a readable document without its script, which only filters, sorts and jumps.
"""

from __future__ import annotations

from summarise.render.page.page import brief_page, page_pieces

__all__ = ["brief_page", "page_pieces"]
