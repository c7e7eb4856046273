"use client";

import type { Task } from "@widgetstream/client/todo";
import { type FormEvent, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { problemText } from "@/services/problems";
import { FILTERS, type TaskFilter, type TaskList } from "@/services/tasks/task-list";
import { DeleteTask } from "./DeleteTask";
import { EditTask } from "./EditTask";
import { TaskRow } from "./TaskRow";
import styles from "./TasksPane.module.css";

const FILTER_NAMES: Record<TaskFilter, string> = {
  open: "Open",
  today: "Today",
  week: "This week",
  overdue: "Overdue",
  done: "Done",
  all: "All",
};

const NOTHING: Record<TaskFilter, { title: string; hint: string }> = {
  open: { title: "Nothing to do", hint: "Add a task above, or tell the assistant what is on your mind." },
  today: { title: "Nothing is due today", hint: "Enjoy it." },
  week: { title: "Nothing is due this week", hint: "Tasks that are due until Sunday appear here." },
  overdue: { title: "Nothing is overdue", hint: "You are on time with everything." },
  done: { title: "Nothing is done yet", hint: "Tasks that you complete appear here." },
  all: { title: "No tasks yet", hint: "Add a task above, or tell the assistant what is on your mind." },
};

/** Something that just happened, and how to take it back. */
interface Note {
  text: string;
  undo?: () => Promise<void>;
}

/** The person's tasks: as the server has them, whoever has changed them. */
export function TasksPane({ list }: { list: TaskList }) {
  const state = useSyncExternalStore(list.subscribe, () => list.state);
  const [editing, setEditing] = useState<Task>();
  const [deleting, setDeleting] = useState<Task>();
  const [note, setNote] = useState<Note>();
  const [problem, setProblem] = useState("");
  const now = useNow();

  async function attempt(work: () => Promise<void>, done?: Note) {
    setProblem("");
    setNote(undefined);
    try {
      await work();
      setNote(done);
    } catch (error) {
      setProblem(problemText(error));
    }
  }

  function toggle(task: Task) {
    const completed = !task.completed;
    void attempt(() => list.setCompleted(task, completed), {
      text: `${completed ? "Completed" : "Reopened"} “${task.title}”.`,
      undo: () => list.setCompleted({ ...task, completed }, !completed),
    });
  }

  return (
    <section className={styles.pane} aria-labelledby="tasks-title">
      <div className={styles.top}>
        <h2 id="tasks-title">
          Tasks {state.status !== "loading" && <span className={styles.count}>{state.total}</span>}
        </h2>
        <AddTask onAdd={(title, due) => list.add(title, due)} />
        <fieldset className={styles.filters}>
          <legend className="visually-hidden">Show</legend>
          {(Object.keys(FILTERS) as TaskFilter[]).map((filter) => (
            <label key={filter}>
              <input type="radio" name="filter" checked={state.filter === filter} onChange={() => list.show(filter)} />
              <span>{FILTER_NAMES[filter]}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <div className={styles.scroll}>
        {state.problem && (
          <div className={styles.problem} role="alert">
            <p>{state.problem}</p>
            <button type="button" className="button" onClick={() => list.refresh()}>
              Try again
            </button>
          </div>
        )}
        {state.status === "loading" && <Loading />}
        {state.status === "ready" && state.tasks.length === 0 && (
          <div className={styles.nothing}>
            <p className={styles.nothingTitle}>{NOTHING[state.filter].title}</p>
            <p>{NOTHING[state.filter].hint}</p>
          </div>
        )}
        <ul className={styles.list} aria-label={`${FILTER_NAMES[state.filter]} tasks`}>
          {state.tasks.map((task) => (
            <TaskRow
              key={task.taskId}
              task={task}
              now={now}
              onToggle={toggle}
              onEdit={setEditing}
              onDelete={setDeleting}
            />
          ))}
        </ul>
        {state.hasMore && <More onMore={() => list.more()} />}
      </div>
      <div className={styles.note} role="status">
        {note && (
          <p>
            <span>{note.text}</span>
            {note.undo && (
              <button type="button" onClick={() => attempt(note.undo as () => Promise<void>)}>
                Undo
              </button>
            )}
          </p>
        )}
        {problem && <p className={styles.failed}>{problem}</p>}
      </div>
      {editing && (
        <EditTask
          task={editing}
          onSave={async (fields) => {
            await list.update(editing, fields);
            setNote({ text: `Saved “${fields.title}”.` });
          }}
          onClose={() => setEditing(undefined)}
        />
      )}
      {deleting && (
        <DeleteTask
          task={deleting}
          onDelete={async () => {
            await list.remove(deleting);
            setNote({ text: `Deleted “${deleting.title}”.` });
          }}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </section>
  );
}

/** One line for the title, and a day if there is one. What was typed stays until it is saved. */
function AddTask({ onAdd }: { onAdd: (title: string, due: string) => Promise<void> }) {
  const [title, setTitle] = useState("");
  const [due, setDue] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const input = useRef<HTMLInputElement>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy || !title.trim()) return;
    setBusy(true);
    setProblem("");
    try {
      await onAdd(title.trim(), due);
      setTitle("");
      setDue("");
    } catch (error) {
      setProblem(problemText(error));
    }
    setBusy(false);
    input.current?.focus();
  }

  return (
    <form className={styles.add} onSubmit={submit} aria-label="Add a task" aria-busy={busy}>
      <input
        ref={input}
        aria-label="New task"
        placeholder="Add a task"
        value={title}
        maxLength={200}
        autoComplete="off"
        enterKeyHint="done"
        onChange={(event) => setTitle(event.target.value)}
      />
      {title.trim() !== "" && (
        <div className={styles.addMore}>
          <label>
            Due
            <input type="date" value={due} onChange={(event) => setDue(event.target.value)} />
          </label>
          <button type="submit" className="button primary" disabled={busy}>
            {busy ? "Adding…" : "Add"}
          </button>
        </div>
      )}
      <p className={styles.addProblem} role="alert">
        {problem}
      </p>
    </form>
  );
}

/** Loads more when it comes into sight; for those who do not scroll, a button. */
function More({ onMore }: { onMore: () => Promise<void> }) {
  const element = useRef<HTMLDivElement>(null);
  const load = useRef(onMore);
  load.current = onMore;
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) void load.current();
      },
      { rootMargin: "400px" },
    );
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  });
  return (
    <div ref={element} className={styles.more}>
      <button type="button" className="button" onClick={onMore}>
        Show more
      </button>
    </div>
  );
}

function Loading() {
  return (
    <div className={styles.loading} role="status">
      <span className="visually-hidden">Loading your tasks</span>
      {[70, 45, 60].map((width) => (
        <span key={width} style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}

/** The time, to the minute: what is due moves on while the page is open. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
