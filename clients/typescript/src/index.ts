/** Client of Widgetstream: the generated messages and services. */
export * from "./gen/widgetstream/chatkit/v1/chatkit_service_pb.js";
