"""Understanding of plain requests about tasks, offline and deterministic.

The way of a message: `phrase` keeps its words beside a plain form that the grammar looks at; `spelling` mends slips in
commands; `clauses` cuts it into requests; `courtesy` takes the politeness off each; the readers (`changing` with
`rescheduling`, `adding`, `finishing`, `listing` with `showing`, `told`, `bare`, `talking`) are asked in turn, and the
first that knows the sentence reads it; `reader` puts the calls together. Sentences are written in the notation of
`notation`; dates are found by `when`, other details by `marks`, tasks that exist by `references`.
"""

from widgetstream_server.todo.understanding.reader import read
from widgetstream_server.todo.understanding.reading import Reading, ToolCall

__all__ = ["Reading", "ToolCall", "read"]
