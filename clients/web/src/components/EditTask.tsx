"use client";

import { Priority, type Task } from "@widgetstream/client/todo";
import { type FormEvent, useState } from "react";
import { problemText } from "@/services/problems";
import { dueInputs, dueOf } from "@/services/tasks/due";
import type { TaskFields } from "@/services/tasks/task-list";
import { Dialog, DialogButtons } from "./Dialog";
import styles from "./EditTask.module.css";

interface EditTaskProps {
  task: Task;
  onSave: (fields: TaskFields) => Promise<void>;
  onClose: () => void;
}

const PRIORITIES: readonly [Priority, string][] = [
  [Priority.UNSPECIFIED, "None"],
  [Priority.LOW, "Low"],
  [Priority.MEDIUM, "Medium"],
  [Priority.HIGH, "High"],
];

/** A form for all of a task. */
export function EditTask({ task, onSave, onClose }: EditTaskProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const due = dueInputs(task.due);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem("");
    try {
      await onSave(fieldsOf(form));
      onClose();
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  }

  return (
    <Dialog title="Edit task" onClose={onClose}>
      <form className={styles.form} onSubmit={submit} aria-busy={busy}>
        <label>
          Title
          <input name="title" defaultValue={task.title} required maxLength={200} />
        </label>
        <label>
          Description
          <textarea name="description" defaultValue={task.description} rows={3} maxLength={8000} />
        </label>
        <div className={styles.pair}>
          <label>
            Due date
            <input name="date" type="date" defaultValue={due.date} />
          </label>
          <label>
            Time
            <input name="time" type="time" defaultValue={due.time} />
          </label>
        </div>
        <div className={styles.pair}>
          <label>
            Priority
            <select name="priority" defaultValue={task.priority}>
              {PRIORITIES.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <label>
            Tags
            <input name="tags" defaultValue={task.tags.join(", ")} placeholder="home, errands" autoComplete="off" />
          </label>
        </div>
        <p className={styles.problem} role="alert">
          {problem}
        </p>
        <DialogButtons>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={busy}>
            {busy ? "Saving…" : "Save"}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function fieldsOf(form: FormData): TaskFields {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const tags = text("tags")
    .split(",")
    .map((tag) => tag.trim().replace(/^#/, "").toLowerCase())
    .filter(Boolean);
  return {
    title: text("title"),
    description: text("description"),
    due: dueOf(text("date"), text("time")),
    priority: Number(text("priority")),
    tags: [...new Set(tags)],
  };
}
