"""A model's citations, as references of the schema."""

from __future__ import annotations

from typing import Any

from widgetstream.chatkit.v1.source_pb2 import Annotation, FileSource, Source, UrlSource


def annotation_of(citation: object) -> Annotation | None:
    """Return the reference for a citation of the Responses API.

    Args:
        citation: An object of the ``openai`` library, or the dictionary that it sometimes leaves in its
            place.

    Returns:
        The reference. None: the citation names nothing that could be shown, or is of an unknown kind.
    """
    match _get(citation, "type"):
        case "url_citation":
            url = _text(citation, "url")
            source = Source(url=UrlSource(url=url, title=_text(citation, "title") or url)) if url else None
            index = _get(citation, "end_index")
        case "file_citation":
            source = _file(citation)
            index = _get(citation, "index")
        case "container_file_citation":
            source = _file(citation)
            index = _get(citation, "end_index")
        case _:
            return None
    if source is None:
        return None
    return Annotation(source=source, index=index if isinstance(index, int) else None)


def _file(citation: object) -> Source | None:
    name = _text(citation, "filename")
    return Source(file=FileSource(filename=name, title=name)) if name else None


def _get(citation: object, name: str) -> Any:
    return citation.get(name) if isinstance(citation, dict) else getattr(citation, name, None)


def _text(citation: object, name: str) -> str:
    value = _get(citation, name)
    return value if isinstance(value, str) else ""
