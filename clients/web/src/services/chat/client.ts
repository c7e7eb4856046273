import { WidgetstreamClient } from "@widgetstream/client";
import type { Session } from "../session/session";

/** Returns the client of a session: over gRPC-web, at the very origin that the page comes from. */
export function createClient(session: Session): WidgetstreamClient {
  return new WidgetstreamClient({ baseUrl: window.location.origin, token: session.token });
}
