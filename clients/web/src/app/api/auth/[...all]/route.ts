import { toNextJsHandler } from "better-auth/next-js";
import { accounts } from "@/server/auth";

function handle(request: Request): Promise<Response> {
  const { auth } = accounts();
  if (request.method !== "GET" || request.headers.has("x-client-ip")) return auth.handler(request);
  // Not through Envoy, so from this machine: the gRPC server, which asks for the keys.
  const headers = new Headers(request.headers);
  headers.set("x-client-ip", "127.0.0.1");
  return auth.handler(new Request(request.url, { headers }));
}

export const { GET, POST } = toNextJsHandler(handle);
