"""``TaskService``: translates and delegates."""

from __future__ import annotations

from widgetstream.todo.v1 import task_service_pb2 as pb
from widgetstream_server.rpc.call import current_call
from widgetstream_server.rpc.methods import Context
from widgetstream_server.todo.service import Tasks

# gRPC's names are those of the schema.


class TaskServicer:
    """Serves a person's tasks. See the schema for what each method promises."""

    def __init__(self, tasks: Tasks) -> None:
        """Serve the tasks that the assistant works on too."""
        self._tasks = tasks

    async def CreateTask(self, request: pb.CreateTaskRequest, context: Context) -> pb.CreateTaskResponse:
        """Create a task."""
        return pb.CreateTaskResponse(task=await self._tasks.create(request, current_call.get().context))

    async def GetTask(self, request: pb.GetTaskRequest, context: Context) -> pb.GetTaskResponse:
        """Return a task."""
        return pb.GetTaskResponse(task=await self._tasks.get(request.task_id, current_call.get().context))

    async def ListTasks(self, request: pb.ListTasksRequest, context: Context) -> pb.ListTasksResponse:
        """List tasks."""
        return await self._tasks.list(request, current_call.get().context)

    async def UpdateTask(self, request: pb.UpdateTaskRequest, context: Context) -> pb.UpdateTaskResponse:
        """Change a task."""
        return pb.UpdateTaskResponse(task=await self._tasks.update(request, current_call.get().context))

    async def CompleteTask(self, request: pb.CompleteTaskRequest, context: Context) -> pb.CompleteTaskResponse:
        """Mark a task as done."""
        return pb.CompleteTaskResponse(task=await self._tasks.complete(request.task_id, current_call.get().context))

    async def ReopenTask(self, request: pb.ReopenTaskRequest, context: Context) -> pb.ReopenTaskResponse:
        """Mark a task as open."""
        return pb.ReopenTaskResponse(task=await self._tasks.reopen(request.task_id, current_call.get().context))

    async def DeleteTask(self, request: pb.DeleteTaskRequest, context: Context) -> pb.DeleteTaskResponse:
        """Delete a task."""
        await self._tasks.delete(request.task_id, current_call.get().context)
        return pb.DeleteTaskResponse()
