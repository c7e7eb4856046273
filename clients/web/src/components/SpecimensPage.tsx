"use client";

import dynamic from "next/dynamic";
import type { Theme } from "@/server/choices";
import { Brand } from "./Brand";
import styles from "./SpecimensPage.module.css";

// Drawn in browsers alone: widgets look at sizes, and the page's policy wants no styles in its text.
const Specimens = dynamic(() => import("@widgetstream/react/specimens").then((module) => module.Specimens), {
  ssr: false,
  loading: () => <p role="status">Drawing the specimens…</p>,
});

/** Every component of widgets, in both themes, beside its JSON. Needs no account and no server. */
export function SpecimensPage({ theme }: { theme: Theme }) {
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <Brand />
        <a href="/chat">Back to the chat</a>
      </header>
      <main className={styles.main}>
        <Specimens theme={theme} />
      </main>
    </div>
  );
}
