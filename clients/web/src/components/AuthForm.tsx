"use client";

import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { type AccountProblem, accountProblem, accounts, COOKIES_REFUSED } from "@/services/session/accounts";
import styles from "./AuthForm.module.css";

/** What the form is for. */
export type AuthMode = "sign-up" | "sign-in";

interface AuthFormProps {
  mode: AuthMode;
  /** Whether new accounts can be made. */
  signUp: boolean;
  demoAccount: boolean;
  /** Called once there is a session. */
  onSignedIn: () => void;
  /** Who was signed in, where a session has ended: only this account goes on with what is on the page. */
  email?: string;
}

const WORDS = {
  "sign-up": { button: "Create account", busy: "Creating your account…", passwordHint: "At least 10 characters." },
  "sign-in": { button: "Sign in", busy: "Signing in…", passwordHint: undefined },
};

/** E-mail and password: makes an account, or signs in. Nothing that was typed is lost when it fails. */
export function AuthForm({ mode, signUp, demoAccount, onSignedIn, email }: AuthFormProps) {
  const words = WORDS[mode];
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AccountProblem>();
  const problemId = useId();
  const hintId = useId();
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (!navigator.cookieEnabled) setProblem({ message: COOKIES_REFUSED });
  }, []);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? "");
    await enter(mode, { name: text("name").trim(), email: text("email").trim(), password: text("password") });
  }

  async function enter(how: AuthMode, account: { name: string; email: string; password: string }) {
    setBusy(true);
    setProblem(undefined);
    const found = await enterAccount(how, account);
    if (!found) {
      onSignedIn();
      return;
    }
    setBusy(false);
    setProblem(found);
    form.current?.querySelector<HTMLInputElement>(`input[name="${found.field ?? "email"}"]`)?.focus();
  }

  const problemOf = (field: string) =>
    problem?.field === field ? { "aria-invalid": true, "aria-describedby": problemId } : {};

  return (
    <form ref={form} className={styles.form} onSubmit={submit} aria-busy={busy}>
      <p id={problemId} className={styles.problem} role="alert">
        {problem?.message}
      </p>
      {mode === "sign-up" && (
        <label className={styles.field}>
          Name
          <input name="name" autoComplete="name" required maxLength={100} {...problemOf("name")} />
        </label>
      )}
      <label className={styles.field}>
        E-mail
        <input
          name="email"
          type="email"
          autoComplete="email"
          required
          maxLength={200}
          defaultValue={email}
          readOnly={email !== undefined}
          {...problemOf("email")}
        />
      </label>
      <label className={styles.field}>
        Password
        <input
          name="password"
          type="password"
          // In a dialog, where the address is known, it is all there is to type.
          data-begin={email !== undefined || undefined}
          autoComplete={mode === "sign-up" ? "new-password" : "current-password"}
          required
          minLength={mode === "sign-up" ? 10 : undefined}
          maxLength={128}
          aria-describedby={words.passwordHint && problem?.field !== "password" ? hintId : undefined}
          {...problemOf("password")}
        />
        {words.passwordHint && (
          <span id={hintId} className={styles.hint}>
            {words.passwordHint}
          </span>
        )}
      </label>
      <button type="submit" className="button primary" disabled={busy}>
        {busy ? words.busy : words.button}
      </button>
      {demoAccount && email === undefined && (
        <button
          type="button"
          className="button"
          disabled={busy}
          onClick={() => enter("sign-in", { name: "", email: "demo@example.com", password: "widgetstream" })}
        >
          Try the demo account
        </button>
      )}
      {email === undefined && (
        <p className={styles.other}>
          {mode === "sign-up" ? (
            <>
              Have an account? <a href="/sign-in">Sign in</a>
            </>
          ) : (
            signUp && (
              <>
                New here? <a href="/sign-up">Create an account</a>
              </>
            )
          )}
        </p>
      )}
    </form>
  );
}

/** Signs in, or up, and makes sure that the browser has kept the session. Returns what went wrong, if something did. */
async function enterAccount(
  mode: AuthMode,
  account: { name: string; email: string; password: string },
): Promise<AccountProblem | undefined> {
  try {
    const { email, password } = account;
    const { error } =
      mode === "sign-up" ? await accounts.signUp.email(account) : await accounts.signIn.email({ email, password });
    if (error) return accountProblem(error);
    const session = await accounts.getSession();
    if (session.error) return accountProblem(session.error);
    return session.data ? undefined : { message: COOKIES_REFUSED };
  } catch {
    return accountProblem(undefined);
  }
}
