/** The messages of the todo application: apart, because a workflow has a `Task` too. */
export * from "./gen/widgetstream/todo/v1/task_pb.js";
export * from "./gen/widgetstream/todo/v1/task_service_pb.js";
