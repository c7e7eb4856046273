"""The models that people may pick from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from agents import Model

from widgetstream_server.conversation.errors import InvalidArgumentError, NotConfiguredError

_FIELD = "user_message.inference_options.model"


class ModelCatalog:
    """Models by the names that people pick them by. The first is the default; there may be none."""

    def __init__(
        self, models: Mapping[str, Model] | None = None, *, close: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Make a catalog.

        Args:
            models: The models by name, the default first.
            close: Releases what the models hold.
        """
        self._models = dict(models or {})
        self._close = close

    def __bool__(self) -> bool:
        return bool(self._models)

    @property
    def names(self) -> tuple[str, ...]:
        """The names, the default first."""
        return tuple(self._models)

    def get(self, name: str | None = None) -> Model:
        """Return a model.

        Args:
            name: Its name. None or empty: the default.

        Raises:
            InvalidArgumentError: There is no model of this name.
            NotConfiguredError: No model is configured.
        """
        if not self._models:
            raise NotConfiguredError("No model is configured here.")
        if not name:
            return next(iter(self._models.values()))
        self.check(name)
        return self._models[name]

    def check(self, name: str) -> None:
        """Refuse a name that no model has.

        Raises:
            InvalidArgumentError: There are others, or none.
        """
        if name not in self._models:
            others = ", ".join(self._models)
            rule = f"must be one of {others}" if others else "must not be set: there are no models to pick from here"
            raise InvalidArgumentError.of(_FIELD, rule)

    async def close(self) -> None:
        """Release what the models hold, such as connections."""
        if self._close is not None:
            await self._close()
