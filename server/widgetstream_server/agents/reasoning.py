"""A model's summaries of its reasoning, shown as thoughts of a workflow."""

from __future__ import annotations

from dataclasses import dataclass, field

from widgetstream.chatkit.v1.workflow_pb2 import WORKFLOW_TYPE_REASONING, Task, ThoughtTask, Workflow
from widgetstream_server.agents.output import Output

# An update repeats the whole thought. When each waits until the thought has grown by a quarter, all updates
# of a thought together are at most five times its size, however long it gets.
_GROWTH = 4
_LEAST_GROWTH = 24


@dataclass(slots=True)
class _Thought:
    workflow: Workflow
    place: int
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    sent: int = 0


class Thoughts:
    """Turns the events of reasoning into a workflow of thoughts."""

    def __init__(self, output: Output) -> None:
        """Make it for the output of a run."""
        self._output = output
        self._open: dict[tuple[int, int], _Thought] = {}
        self._done: set[tuple[int, int]] = set()

    def begin_response(self) -> None:
        """Forget the response before: its keys come again."""
        self._open.clear()
        self._done.clear()

    def begin(self) -> None:
        """The model reasons: show that it does, before it says what. A workflow under way goes on instead."""
        self._open.clear()
        if self._output.workflow is None:
            self._output.start_workflow(Workflow(type=WORKFLOW_TYPE_REASONING))

    def delta(self, key: tuple[int, int], text: str) -> None:
        """A thought goes on.

        Args:
            key: Tells the thoughts of a response apart.
            text: What is added.
        """
        thought = self._thought(key)
        if thought is None:
            self._open[key] = self._add(text)
            return
        thought.pieces.append(text)
        thought.length += len(text)
        if thought.length - thought.sent >= max(_LEAST_GROWTH, thought.sent // _GROWTH):
            self._update(thought, "".join(thought.pieces))

    def done(self, key: tuple[int, int], text: str) -> None:
        """A thought is complete. Being told again changes nothing.

        Args:
            key: Tells the thoughts of a response apart.
            text: The whole thought.
        """
        if key in self._done:
            return
        self._done.add(key)
        thought = self._thought(key)
        if thought is None:
            if text.strip():
                self._add(text)
        elif thought.sent != thought.length or text != "".join(thought.pieces):
            self._update(thought, text)
        self._open.pop(key, None)

    def settle(self) -> None:
        """The model goes on to something else: show what there is of the thoughts, which are complete."""
        for key, thought in list(self._open.items()):
            self.done(key, "".join(thought.pieces))

    def _thought(self, key: tuple[int, int]) -> _Thought | None:
        thought = self._open.get(key)
        # The workflow may have ended meanwhile; then the thought goes into the next.
        return thought if thought is not None and thought.workflow is self._output.workflow else None

    def _add(self, text: str) -> _Thought:
        if self._output.workflow is None:
            self._output.start_workflow(Workflow(type=WORKFLOW_TYPE_REASONING))
        place = self._output.add_task(Task(thought=ThoughtTask(content=text)))
        workflow = self._output.workflow
        assert workflow is not None  # noqa: S101 — the task is in it
        return _Thought(workflow, place, [text], len(text), len(text))

    def _update(self, thought: _Thought, text: str) -> None:
        thought.pieces = [text]
        thought.length = thought.sent = len(text)
        self._output.update_task(Task(thought=ThoughtTask(content=text)), thought.place)
