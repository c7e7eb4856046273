import { createAuthClient } from "better-auth/client";
import { jwtClient } from "better-auth/client/plugins";

/** The accounts at `/api/auth`, of the very origin that the page comes from. */
export const accounts = createAuthClient({ plugins: [jwtClient()] });

/** What went wrong with an account, in words for the person. */
export type AccountProblem = { message: string; field?: "name" | "email" | "password" };

interface Failure {
  status: number;
  code?: string | undefined;
}

/** Returns what a failure of Better Auth means to the person. `undefined`: there was no answer. */
export function accountProblem(failure: Failure | undefined): AccountProblem {
  switch (failure?.code) {
    case "INVALID_EMAIL_OR_PASSWORD":
      return { message: "There is no account with this address and password. Check both." };
    case "USER_ALREADY_EXISTS":
    case "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL":
      return { message: "There is an account with this address already. Sign in instead.", field: "email" };
    case "INVALID_EMAIL":
      return { message: "This is not an e-mail address.", field: "email" };
    case "PASSWORD_TOO_SHORT":
      return { message: "The password needs at least 10 characters.", field: "password" };
    case "PASSWORD_TOO_LONG":
      return { message: "The password may have at most 128 characters.", field: "password" };
    case "EMAIL_PASSWORD_SIGN_UP_DISABLED":
      return { message: "New accounts are not open here. Ask whoever runs this page for one." };
  }
  if (failure?.status === 429)
    return { message: "Too many attempts from your address. Wait a minute, then try again." };
  if (failure?.status === 403) {
    return { message: "This page was opened at an address that the server does not know. Open it at its own address." };
  }
  if (failure && failure.status >= 400 && failure.status < 500) {
    return { message: "The server did not take this. Check what you typed." };
  }
  return { message: UNREACHABLE };
}

export const UNREACHABLE =
  "The server cannot be reached. Check your connection and try again; what you typed is still here.";

export const COOKIES_REFUSED =
  "Your browser refuses this page's cookies, which keep you signed in. Allow cookies for this site, then try again.";
