import { headers } from "next/headers";
import { cache } from "react";
import { accounts } from "./auth";

/** Who is signed in. */
export interface Person {
  id: string;
  name: string;
  email: string;
}

/** Returns who is signed in, or undefined. Asked once for each request. */
export const currentPerson = cache(async (): Promise<Person | undefined> => {
  const session = await accounts().auth.api.getSession({ headers: await headers() });
  if (!session) return undefined;
  const { id, name, email } = session.user;
  return { id, name, email };
});
