"use client";

import { AuthForm, type AuthMode } from "./AuthForm";
import styles from "./AuthPage.module.css";
import { Brand } from "./Brand";

interface AuthPageProps {
  mode: AuthMode;
  signUp: boolean;
  demoAccount: boolean;
}

const TITLES = { "sign-up": "Create your account", "sign-in": "Welcome back" };

/** The first screen: who are you? */
export function AuthPage({ mode, signUp, demoAccount }: AuthPageProps) {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Brand />
        <h1>{TITLES[mode]}</h1>
        <p className={styles.lead}>Your tasks, and an assistant that knows them.</p>
        {/* A whole new page: all that it holds is this account's. */}
        <AuthForm
          mode={mode}
          signUp={signUp}
          demoAccount={demoAccount}
          onSignedIn={() => window.location.assign("/chat")}
        />
      </div>
    </main>
  );
}
