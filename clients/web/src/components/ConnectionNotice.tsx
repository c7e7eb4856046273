"use client";

import { useSyncExternalStore } from "react";
import styles from "./ConnectionNotice.module.css";

function subscribe(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

/** Says that there is no connection, while there is none. */
export function ConnectionNotice() {
  const online = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
  return (
    <p className={styles.notice} role="status">
      {online ? "" : "You are offline. What you type stays here; the page goes on when the connection is back."}
    </p>
  );
}
