"""Speech to text: what is checked before an application gets it, and what it may hand it on to."""

from __future__ import annotations

from typing import Protocol

from widgetstream.chatkit.v1.chatkit_service_pb2 import TranscribeAudioRequest
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.conversation.errors import InvalidArgumentError
from widgetstream_server.conversation.media_types import media_type

AUDIO_EXTENSIONS = {
    "audio/webm": "webm",
    "video/webm": "webm",
    "audio/ogg": "ogg",
    "audio/mp4": "mp4",
    "audio/x-m4a": "m4a",
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/wave": "wav",
    "audio/flac": "flac",
    "audio/x-flac": "flac",
}
"""The kinds of recordings that are taken, and how files of each kind end. Browsers record the first four."""


class Transcriber(Protocol):
    """Turns speech into text."""

    async def transcribe(self, audio: bytes, mime_type: str) -> str:
        """Return what is said in a recording; nothing for silence.

        Args:
            audio: The recording.
            mime_type: Its media type, one of ``AUDIO_EXTENSIONS``, with or without parameters.

        Raises:
            ModelUnavailableError: It did not work out.
        """


async def transcribe(server: ChatKitServer, request: TranscribeAudioRequest, context: RequestContext) -> str:
    """Have an application turn speech into text.

    Raises:
        InvalidArgumentError: The recording is of another kind.
        NotConfiguredError: The application has nothing for it.
    """
    try:
        known = media_type(request.mime_type) in AUDIO_EXTENSIONS
    except ValueError:
        known = False
    if not known:
        raise InvalidArgumentError.of("mime_type", f"must be one of {', '.join(sorted(AUDIO_EXTENSIONS))}")
    return await server.transcribe(request.audio, request.mime_type, context)
