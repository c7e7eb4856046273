"use client";

import { Priority, type Task } from "@widgetstream/client/todo";
import { memo } from "react";
import { dueBadge } from "@/services/tasks/due";
import styles from "./TaskRow.module.css";

interface TaskRowProps {
  task: Task;
  now: Date;
  onToggle: (task: Task) => void;
  onEdit: (task: Task) => void;
  onDelete: (task: Task) => void;
}

const PRIORITIES: Partial<Record<Priority, string>> = {
  [Priority.HIGH]: "High priority",
  [Priority.LOW]: "Low priority",
};

/** A task in the list. */
export const TaskRow = memo(function TaskRow({ task, now, onToggle, onEdit, onDelete }: TaskRowProps) {
  const due = dueBadge(task.due, now, task.completed);
  const priority = PRIORITIES[task.priority];
  return (
    <li className={styles.row} data-completed={task.completed}>
      <input
        type="checkbox"
        className={styles.check}
        checked={task.completed}
        aria-label={`${task.completed ? "Reopen" : "Complete"} ${task.title}`}
        onChange={() => onToggle(task)}
      />
      <div className={styles.text}>
        <p className={styles.title}>{task.title}</p>
        {task.description && <p className={styles.description}>{task.description}</p>}
        <p className={styles.facts}>
          <span>#{task.number}</span>
          {due && (
            <time dateTime={task.due} data-kind={due.kind} className={styles.due}>
              {due.kind === "overdue" ? `Overdue: ${due.text}` : due.text}
            </time>
          )}
          {priority && (
            <span className={styles.priority} data-priority={Priority[task.priority]}>
              {priority}
            </span>
          )}
          {task.tags.map((tag) => (
            <span key={tag} className={styles.tag}>
              {tag}
            </span>
          ))}
        </p>
      </div>
      <div className={styles.actions}>
        <button type="button" aria-label={`Edit ${task.title}`} title="Edit" onClick={() => onEdit(task)}>
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M4 13.5V16h2.5l7.4-7.4-2.5-2.5L4 13.5ZM12.8 4.7l2.5 2.5 1-1a1.1 1.1 0 0 0 0-1.5l-1-1a1.1 1.1 0 0 0-1.5 0l-1 1Z" />
          </svg>
        </button>
        <button type="button" aria-label={`Delete ${task.title}`} title="Delete" onClick={() => onDelete(task)}>
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M7.5 3.5h5l.6 1.5H16v1.5H4V5h2.9l.6-1.5ZM5.2 7.5h9.6l-.7 8.1a1 1 0 0 1-1 .9H6.9a1 1 0 0 1-1-.9l-.7-8.1Z" />
          </svg>
        </button>
      </div>
    </li>
  );
});
