"""``ChatKitService``: translates and delegates."""

from __future__ import annotations

from collections.abc import AsyncIterator

from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.run_log import RunReader
from widgetstream_server.conversation.runs import Runs
from widgetstream_server.conversation.threads import Threads
from widgetstream_server.conversation.transcription import transcribe
from widgetstream_server.rpc.attachments import AttachmentMethods
from widgetstream_server.rpc.call import current_call
from widgetstream_server.rpc.methods import Context
from widgetstream_server.rpc.pace import Pace

# gRPC's names are those of the schema.


class ChatKitServicer:
    """Serves conversations. See the schema for what each method promises."""

    def __init__(
        self,
        server: ChatKitServer,
        runs: Runs,
        threads: Threads,
        attachments: AttachmentMethods,
        *,
        reader_timeout: float = 60.0,
    ) -> None:
        """Serve an engine, and attachments.

        Args:
            server: The application.
            runs: The runs.
            threads: The threads.
            attachments: The methods of attachments.
            reader_timeout: Seconds that a stream may wait for its reader.
        """
        self._server = server
        self._runs = runs
        self._threads = threads
        self._reader_timeout = reader_timeout
        self._attachments = attachments

    async def Respond(self, request: pb.RespondRequest, context: Context) -> None:
        """Start a run that answers a person."""
        call = current_call.get()
        call.thread_id = request.thread_id
        await _send(await self._runs.respond(request, call.context), context, self._reader_timeout)

    async def Action(self, request: pb.ActionRequest, context: Context) -> None:
        """Start a run that follows from an action."""
        call = current_call.get()
        call.thread_id = request.thread_id
        await _send(await self._runs.action(request, call.context), context, self._reader_timeout)

    async def SyncAction(self, request: pb.SyncActionRequest, context: Context) -> pb.SyncActionResponse:
        """Run an action and answer at once."""
        call = current_call.get()
        call.thread_id = request.thread_id
        return await self._threads.sync_action(request, call.context)

    async def SubscribeRun(self, request: pb.SubscribeRunRequest, context: Context) -> None:
        """Follow a run."""
        call = current_call.get()
        call.run_id = request.run_id
        reader = await self._runs.subscribe(request.run_id, request.after_sequence, call.context)
        await _send(reader, context, self._reader_timeout)

    async def CancelRun(self, request: pb.CancelRunRequest, context: Context) -> pb.CancelRunResponse:
        """Stop a run."""
        call = current_call.get()
        call.run_id = request.run_id
        return pb.CancelRunResponse(run=await self._runs.cancel(request.run_id, call.context))

    async def GetThread(self, request: pb.GetThreadRequest, context: Context) -> pb.GetThreadResponse:
        """Return a thread with its newest items."""
        call = current_call.get()
        call.thread_id = request.thread_id
        return await self._threads.get(request.thread_id, call.context)

    async def ListThreads(self, request: pb.ListThreadsRequest, context: Context) -> pb.ListThreadsResponse:
        """List threads."""
        return await self._threads.list(request, current_call.get().context)

    async def UpdateThread(self, request: pb.UpdateThreadRequest, context: Context) -> pb.UpdateThreadResponse:
        """Change a thread's title."""
        call = current_call.get()
        call.thread_id = request.thread_id
        return await self._threads.update(request, call.context)

    async def DeleteThread(self, request: pb.DeleteThreadRequest, context: Context) -> pb.DeleteThreadResponse:
        """Delete a thread."""
        call = current_call.get()
        call.thread_id = request.thread_id
        return await self._threads.delete(request.thread_id, call.context)

    async def ListItems(self, request: pb.ListItemsRequest, context: Context) -> pb.ListItemsResponse:
        """List a thread's items."""
        call = current_call.get()
        call.thread_id = request.thread_id
        return await self._threads.list_items(request, call.context)

    async def SubmitFeedback(self, request: pb.SubmitFeedbackRequest, context: Context) -> pb.SubmitFeedbackResponse:
        """Record what a person thinks of items."""
        call = current_call.get()
        call.thread_id = request.thread_id
        return await self._threads.submit_feedback(request, call.context)

    async def CreateAttachment(
        self, request: pb.CreateAttachmentRequest, context: Context
    ) -> pb.CreateAttachmentResponse:
        """Announce a file."""
        return await self._attachments.create(request)

    async def UploadAttachment(
        self, requests: AsyncIterator[pb.UploadAttachmentRequest], context: Context
    ) -> pb.UploadAttachmentResponse:
        """Store what comes in."""
        return await self._attachments.upload(requests)

    async def DownloadAttachment(self, request: pb.DownloadAttachmentRequest, context: Context) -> None:
        """Send content."""
        await self._attachments.download(request, context)

    async def DeleteAttachment(
        self, request: pb.DeleteAttachmentRequest, context: Context
    ) -> pb.DeleteAttachmentResponse:
        """Delete an attachment."""
        return await self._attachments.delete(request)

    async def TranscribeAudio(self, request: pb.TranscribeAudioRequest, context: Context) -> pb.TranscribeAudioResponse:
        """Turn speech into text."""
        text = await transcribe(self._server, request, current_call.get().context)
        return pb.TranscribeAudioResponse(text=text)


async def _send(reader: RunReader, context: Context, reader_timeout: float) -> None:
    call = current_call.get()
    call.run_id, call.thread_id = reader.log.run_id, reader.log.thread_id
    pace = Pace(reader_timeout)
    try:
        while frames := await reader.read():
            for frame in frames:
                await pace.write(context, frame)
    finally:
        pace.close()
        reader.close()
