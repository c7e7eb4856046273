"use client";

import { useEffect, useRef, useState } from "react";
import type { Theme } from "@/server/choices";
import type { Person } from "@/server/session";
import type { ChatFrontend } from "@/server/settings";
import { chooseFrontend, chooseTheme } from "@/services/preferences";
import { problemText } from "@/services/problems";
import type { Session } from "@/services/session/session";
import styles from "./PageMenu.module.css";

interface PageMenuProps {
  person: Person;
  theme: Theme;
  onTheme: (theme: Theme) => void;
  frontend: ChatFrontend;
  session: Session;
}

const THEMES: Record<Theme, string> = { system: "As the system", light: "Light", dark: "Dark" };
const FRONTENDS: Record<ChatFrontend, string> = { "built-in": "Built-in panel", chatkit: "ChatKit's element" };

/** Who is signed in, and what can be chosen for the whole page. */
export function PageMenu({ person, theme, onTheme, frontend, session }: PageMenuProps) {
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState("");
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      if (!menu.current?.contains(event.target as Node)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("keydown", onKey);
    };
  }, [open]);

  async function signOut() {
    setProblem("");
    try {
      await session.signOut();
    } catch (error) {
      setProblem(problemText(error));
    }
  }

  return (
    <div ref={menu} className={styles.menu}>
      <button
        ref={button}
        type="button"
        className={styles.button}
        aria-expanded={open}
        aria-controls="page-menu"
        aria-label={`Menu of ${person.name}`}
        // Drawn, not said: the name is what the button is called.
        data-initials={initialsOf(person.name)}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <div id="page-menu" className={styles.panel}>
          <p className={styles.person}>
            <strong>{person.name}</strong>
            <span>{person.email}</span>
          </p>
          <Choice
            label="Theme"
            options={THEMES}
            chosen={theme}
            onChoose={(chosen) => {
              chooseTheme(chosen);
              onTheme(chosen);
            }}
          />
          <Choice label="Chat" options={FRONTENDS} chosen={frontend} onChoose={chooseFrontend} />
          <a className={styles.entry} href="/specimens">
            Specimens of widgets
          </a>
          <button type="button" className={styles.entry} onClick={signOut}>
            Sign out
          </button>
          <p className={styles.problem} role="alert">
            {problem}
          </p>
        </div>
      )}
    </div>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  options: Record<T, string>;
  chosen: T;
  onChoose: (value: T) => void;
}

function Choice<T extends string>({ label, options, chosen, onChoose }: ChoiceProps<T>) {
  return (
    <fieldset className={styles.choice}>
      <legend>{label}</legend>
      {(Object.entries(options) as [T, string][]).map(([value, text]) => (
        <label key={value}>
          <input type="radio" name={label} checked={value === chosen} onChange={() => onChoose(value)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words.at(0), words.length > 1 ? words.at(-1) : undefined].map((word) => Array.from(word ?? "")[0]);
  return letters.join("").toUpperCase() || "?";
}
