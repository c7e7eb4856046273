import styles from "./Brand.module.css";

/** The project's mark and name. */
export function Brand() {
  return (
    <span className={styles.brand}>
      <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
        <rect width="24" height="24" rx="7" fill="var(--accent)" />
        <path
          d="M6 8.5c2 0 2 7 4 7s2-7 4-7 2 7 4 7"
          fill="none"
          stroke="var(--on-accent)"
          strokeWidth="2"
          strokeLinecap="round"
        />
      </svg>
      Widgetstream
    </span>
  );
}
