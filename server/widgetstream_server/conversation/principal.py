"""Who a call is made for."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_PRINCIPAL_ID_LENGTH = 255


@dataclass(frozen=True, slots=True)
class Principal:
    """The verified caller: the owner of every row and every stream that the call touches.

    Only `id` decides ownership. It may be logged; the other attributes come from a person's token, so
    `repr` leaves out everything that describes the person.

    Raises:
        ValueError: `id` is empty or longer than `MAX_PRINCIPAL_ID_LENGTH`.
    """

    id: str
    """Owner key: `{issuer name}:{subject}`. Stable, opaque, 1 to 255 characters, at most 1 KiB in UTF-8."""

    subject: str
    """The `sub` claim, unique within `issuer` only."""

    issuer: str
    """The `iss` claim."""

    name: str | None = field(default=None, repr=False)
    """What to call the person, for greetings; never an identity."""

    time_zone: str | None = field(default=None, repr=False)
    """An IANA time zone that `zoneinfo.ZoneInfo` knows, e.g. `Europe/Oslo`."""

    locale: str | None = field(default=None, repr=False)
    """A BCP 47 language tag, e.g. `en-GB`."""

    def __post_init__(self) -> None:
        if not 0 < len(self.id) <= MAX_PRINCIPAL_ID_LENGTH:
            raise ValueError(f"a principal's id has 1 to {MAX_PRINCIPAL_ID_LENGTH} characters, not {len(self.id)}")
