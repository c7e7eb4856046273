"use client";

import type { Session, SessionState } from "@/services/session/session";
import { AuthForm } from "./AuthForm";
import { Dialog, DialogButtons } from "./Dialog";

interface SignInAgainProps {
  session: Session;
  state: Exclude<SessionState, "active">;
  email: string;
}

/** The session has ended: asks for the password, over the page, which stays as it is. */
export function SignInAgain({ session, state, email }: SignInAgainProps) {
  if (state === "other") {
    return (
      <Dialog title="Somebody else is signed in now">
        <p>This browser is signed in with another account, so this page cannot go on. Copy what you want to keep.</p>
        <DialogButtons>
          <button type="button" className="button primary" onClick={() => window.location.assign("/chat")}>
            Open the other account
          </button>
        </DialogButtons>
      </Dialog>
    );
  }
  return (
    <Dialog title="Sign in again">
      <p>Your session has ended. Once you are signed in, everything here goes on; nothing that you typed is lost.</p>
      <AuthForm mode="sign-in" signUp={false} demoAccount={false} email={email} onSignedIn={session.resume} />
    </Dialog>
  );
}
