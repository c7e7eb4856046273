import styles from "./ChatPane.module.css";

/** In place of the chat, until it is there. */
export function ChatLoading() {
  return (
    <p className={styles.loading} role="status">
      Opening the chat…
    </p>
  );
}
