"""A small application whose commands show everything that the schema can say.

It is the specimen for tests, clients and documents: what a person types is a command, and the same command always
gives the same events. ``help`` lists the commands. ``WIDGETSTREAM_APP=widgetstream_server.showcase:create`` selects it.
"""

from widgetstream_server.showcase.app import ShowcaseApp, create

__all__ = ["ShowcaseApp", "create"]
