"""A response of the Chat Completions API, as it is streamed by OpenAI and by the many servers that speak it."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from openai import AsyncStream
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletionChunk
from openai.types.chat.chat_completion_chunk import Choice, ChoiceDelta

from widgetstream_server.agents.models.streams.stream import LeanStream
from widgetstream_server.agents.models.streams.tool_calls import ToolCalls


class _Delta(msgspec.Struct, gc=False):
    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    refusal: Any = None
    tool_calls: Any = None
    function_call: Any = None
    annotations: Any = None
    thinking_blocks: Any = None
    audio: Any = None


class _Choice(msgspec.Struct, gc=False):
    delta: _Delta
    index: int = 0
    finish_reason: str | None = None
    logprobs: Any = None


class _Chunk(msgspec.Struct, gc=False):
    choices: tuple[_Choice]
    usage: Any = None
    error: Any = None


# Of the fields that hold text, those that come in many pieces.
_TEXTS: Final = ("content", "reasoning_content", "reasoning")
_JOIN_AFTER: Final = 32
_decode_text = msgspec.json.Decoder(_Chunk).decode
_decode = msgspec.json.Decoder().decode


# The client finds out by the second base what is streamed.
class ChatCompletionsStream(LeanStream[ChatCompletionChunk], AsyncStream[ChatCompletionChunk]):
    """The chunks of a response: text merged, calls of tools whole.

    It takes what servers are known to send beside what OpenAI does: roles that are null, ``function_call`` with
    or without ``tool_calls``, arguments as objects, ids and places that are missing, usage with each chunk or
    never, an error in place of a chunk, a whole completion in place of a stream, a stream without its mark of
    the end.
    """

    def __init__(self, **given: Any) -> None:
        """Take what ``openai.AsyncStream`` takes."""
        super().__init__(**given)
        self._kind = ""
        self._pieces: list[str] = []
        # Whether the reader has the beginning of the text, and what the ear got of it since.
        self._begun = False
        self._told: list[str] = []
        self._calls = ToolCalls()
        self._facts: dict[str, Any] = {"id": "", "created": 0, "model": "", "object": "chat.completion.chunk"}
        self._usage: object = None
        self._known = False
        self._finish: str | None = None

    # What came

    def take(self, payload: bytes) -> None:
        """Take a chunk."""
        if self._known:
            try:
                chunk = _decode_text(payload)
            except msgspec.ValidationError:
                pass
            else:
                if self._is_text(chunk):
                    return
        self._take_any(_decode(payload))

    def _is_text(self, chunk: _Chunk) -> bool:
        """Take a chunk that adds to a text and does nothing else. False: it is none."""
        choice = chunk.choices[0]
        delta = choice.delta
        if (
            choice.finish_reason is not None
            or choice.index
            or choice.logprobs is not None
            or chunk.error is not None
            or delta.tool_calls
            or delta.function_call
            or delta.refusal
            or delta.annotations
            or delta.thinking_blocks
            or delta.audio
        ):
            return False
        thought = delta.reasoning_content or delta.reasoning
        if delta.content:
            if thought:
                return False
            self._add("content", delta.content)
        elif thought:
            self._add("reasoning_content" if delta.reasoning_content else "reasoning", thought)
        if chunk.usage is not None:
            self._usage = chunk.usage
        return True

    def _add(self, kind: str, text: str) -> None:
        if kind != self._kind:
            self._close()
            self._kind = kind
        self._pieces.append(text)

    def _take_any(self, chunk: object) -> None:
        if not isinstance(chunk, dict):
            raise self.unusable("An event of the stream is no object.")
        if chunk.get("error"):
            raise self.failed(chunk["error"])
        if chunk.get("object") == "error":
            raise self.failed(chunk)
        choices = chunk.get("choices")
        if not isinstance(choices, list):
            raise self.unusable("An event of the stream is no chunk of a completion.")
        for name in self._facts:
            value = chunk.get(name)
            if value is not None:
                self._facts[name] = value
        self._facts["object"] = "chat.completion.chunk"
        if chunk.get("usage"):
            self._usage = chunk["usage"]
        choice = next((each for each in choices if isinstance(each, dict) and not each.get("index")), None)
        if choice is not None:
            self._take_choice(choice)
        if not self._known:
            self._known = True
            # The reader learns that the response has begun, whatever comes of it.
            if not self._pieces:
                self.ready.insert(0, self._plain_chunk({}))

    def _take_choice(self, choice: dict[str, Any]) -> None:
        given = choice.get("delta")
        if given is None:
            given = choice.get("message")
        delta: dict[str, Any] = {
            name: value
            for name, value in (given if isinstance(given, dict) else {}).items()
            if value is not None and value != "" and name != "role"
        }
        if "reasoning" in delta and delta.get("reasoning") == delta.get("reasoning_content"):
            del delta["reasoning"]
        calls, function = delta.pop("tool_calls", None), delta.pop("function_call", None)
        if isinstance(calls, list):
            self._calls.add(calls)
        if isinstance(function, dict):
            self._calls.add_legacy(function)
        logprobs = choice.get("logprobs")
        plain = not logprobs and len(delta) == 1 and next(iter(delta)) in _TEXTS
        if plain and isinstance(text := next(iter(delta.values())), str):
            self._add(next(iter(delta)), text)
        elif delta:
            self._close()
            self.ready.append(self._chunk(delta, logprobs=logprobs))
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            self._finish = reason

    # What goes out

    def pause(self) -> None:
        """Put out the text that waits: to the ear if the reader has its beginning, else to the reader."""
        if not self._pieces:
            return
        text = "".join(self._pieces)
        self._pieces.clear()
        if self._begun and self.ear is not None:
            self.ear.go_on(text)
            self._told.append(text)
            if len(self._told) > _JOIN_AFTER:
                # A short text of its own takes five times its length.
                self._told = ["".join(self._told)]
        else:
            self._begun = True
            self.ready.append(self._plain_chunk({self._kind: text}))

    def _close(self) -> None:
        """End the text under way: the reader gets as one what the ear got of it."""
        self.pause()
        self._begun = False
        if self._told and self.ear is not None:
            told = "".join(self._told)
            self._told.clear()
            self.ear.repeat(len(told))
            self.ready.append(self._plain_chunk({self._kind: told}))

    def finish(self, *, whole: bool) -> None:
        """Put out the calls of tools, why the response ended, and the usage."""
        if not self._known:
            raise self.unusable("The stream has no chunk.")
        if self._finish is None and not whole:
            raise self.unusable("The stream broke off.")
        self._close()
        reason, cut = self._finish, self._finish in ("length", "content_filter")
        if cut and self.ear is not None:
            self.ear.cut("length" if reason == "length" else "content_filter")
            reason = "stop"
        calls = self._calls.take(cut=cut)
        if calls:
            self.ready.append(self._chunk({"tool_calls": calls}))
        usage = CompletionUsage.construct(**self._usage) if isinstance(self._usage, dict) else None
        self.ready.append(self._plain_chunk({}, finish_reason=reason, usage=usage))

    def _chunk(self, delta: dict[str, Any], **more: Any) -> ChatCompletionChunk:
        choice = {"index": 0, "delta": delta, "finish_reason": None, **more}
        return ChatCompletionChunk.construct(**self._facts, choices=[choice])

    def _plain_chunk(
        self, texts: dict[str, str], *, finish_reason: str | None = None, usage: CompletionUsage | None = None
    ) -> ChatCompletionChunk:
        """Return a chunk whose delta holds texts alone: no types have to be found out for it."""
        delta = ChoiceDelta.model_construct(None, **texts)
        choice = Choice.model_construct(index=0, delta=delta, finish_reason=finish_reason, logprobs=None)
        return ChatCompletionChunk.model_construct(**self._facts, choices=[choice], usage=usage)
