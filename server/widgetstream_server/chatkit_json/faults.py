"""What can be wrong with JSON, and with a message that has none."""

from __future__ import annotations


class JsonInvalidError(ValueError):
    """JSON that is no such message.

    Attributes:
        path: The place, such as ``params.input.content[0].text``. Empty: the document itself.
        why: What is wrong there, as a phrase that follows the place. It holds nothing of the document but names of
            properties.
    """

    def __init__(self, why: str, path: str = "") -> None:
        """Say what is wrong, at the place itself or below it."""
        super().__init__(f"{path} {why}" if path else why)
        self.why = why
        self.path = path

    def below(self, step: str) -> JsonInvalidError:
        """Return the same fault, seen from one step higher: ``name`` or ``[3]``."""
        separator = "" if not self.path or self.path.startswith("[") else "."
        return JsonInvalidError(self.why, f"{step}{separator}{self.path}")


class NoJsonFormError(ValueError):
    """A message that ChatKit's JSON has no form for: a case that the frontend never sees, or none."""

    def __init__(self, message: str) -> None:
        """Name the message."""
        super().__init__(f"{message} has no form in ChatKit's JSON")
