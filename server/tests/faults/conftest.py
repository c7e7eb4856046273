"""The true server in this process, as the tests of its calls have it."""

from tests.rpc.conftest import channel, client, no_settings_from_outside, running, stranger
from tests.storage.conftest import postgres

__all__ = ["channel", "client", "no_settings_from_outside", "postgres", "running", "stranger"]
