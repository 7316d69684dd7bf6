"""YAML as lists and mappings of text, with the line of each piece, and nothing else that YAML can be.

Read as a stream of events: tags, anchors, types and deep nesting are refused where they begin, so that nothing in the
file can run, grow or exhaust the stack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from summarise.loading.files import shown

if TYPE_CHECKING:
    import yaml  # at run time late: most stories have no corrections

_DEPTH = 4  # a list of mappings of one key to a mapping or a list of what should be text


class Fault(Exception):
    """What is wrong with a file, in which line (from 1)."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line, self.why = line, why


@dataclass(frozen=True)
class Node:
    """A piece of YAML: text, a list, or a mapping (keys in order). Lines are counted from 1."""

    line: int
    last: int
    text: str | None = None
    items: tuple[Node, ...] = ()
    keys: tuple[Node, ...] | None = None


def tree(text: str) -> Node | None:
    """The one document of the text, None where there is none; built from events: nothing can be made to grow."""
    import yaml

    loader = None
    try:
        loader = yaml.SafeLoader(text)
        events = iter(loader.get_event, None)
        next(events)
        first = next(events)
        if isinstance(first, yaml.StreamEndEvent):
            return None
        root = _node(next(events), events, 0)
        next(events)
        if not isinstance(after := next(events), yaml.StreamEndEvent):
            raise Fault(after.start_mark.line + 1, "a second document begins; put all corrections into one list")
        return root
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Fault(
            mark.line + 1 if mark else 1, f"not YAML ({shown(error.problem or 'malformed')}); put text in quotes"
        ) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Fault(line, f"the character U+{int(error.character):04X} cannot stand here; take it out") from None
    except (ValueError, OverflowError, RecursionError):  # an escape beyond Unicode, for one
        line = loader.line + 1 if loader is not None else 1
        raise Fault(line, "not YAML; mend it") from None
    finally:
        if loader is not None:
            loader.dispose()


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
    import yaml

    line = _line(event.start_mark)
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise Fault(line, "anchors and aliases (& and *) are not read here; write it out, or put it in quotation marks")
    if getattr(event, "tag", None):
        raise Fault(line, "tags (!) are not read here; put the text in quotation marks")
    if isinstance(event, yaml.ScalarEvent):
        return Node(line, _last_line(event), text=event.value)
    if depth >= _DEPTH:
        raise Fault(line, "nested too deep; a correction is one key with its values")
    children: list[Node] = []
    while not isinstance(following := next(events), yaml.SequenceEndEvent | yaml.MappingEndEvent):
        children.append(_node(following, events, depth + 1))
    flow = getattr(event, "flow_style", False)
    last = max([_last_line(following) if flow else line, *(child.last for child in children)])
    if isinstance(event, yaml.SequenceStartEvent):
        return Node(line, last, items=tuple(children))
    return Node(line, last, keys=tuple(children[0::2]), items=tuple(children[1::2]))


def _last_line(event: yaml.Event) -> int:
    """The last line on which something of it stands."""
    end = event.end_mark
    past = end is not None and not end.column
    return max(_line(event.start_mark), _line(end) - past)


def _line(mark: Any) -> int:
    """Counted from 1; PyYAML's types allow for a mark to be missing."""
    return int(mark.line) + 1 if mark is not None else 1
