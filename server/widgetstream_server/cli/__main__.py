"""``python -m widgetstream_server.cli`` is ``widgetstream``."""

from widgetstream_server.cli.program import main

main()
