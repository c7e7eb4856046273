import type { MessageInitShape } from "@bufbuild/protobuf";
import type { WidgetstreamClient } from "@widgetstream/client";
import { DueFilter, type ListTasksRequestSchema, type Priority, type Task } from "@widgetstream/client/todo";
import { problemText } from "../problems";

/** Which tasks are shown. */
export type TaskFilter = "open" | "today" | "week" | "overdue" | "done" | "all";

export const FILTERS: Record<TaskFilter, MessageInitShape<typeof ListTasksRequestSchema>> = {
  open: { completed: false },
  today: { completed: false, due: DueFilter.TODAY },
  week: { completed: false, due: DueFilter.THIS_WEEK },
  overdue: { completed: false, due: DueFilter.OVERDUE },
  done: { completed: true },
  all: {},
};

/** What a form says of a task. */
export interface TaskFields {
  title: string;
  description: string;
  due: string;
  priority: Priority;
  tags: string[];
}

export interface TaskListState {
  filter: TaskFilter;
  /** Those loaded so far: open before done, then by due date. */
  tasks: readonly Task[];
  /** How many there are in all. */
  total: number;
  hasMore: boolean;
  status: "loading" | "ready" | "failed";
  /** Why the list could not be loaded, in words. */
  problem: string;
}

const PAGE = 100;
// A refresh does not load again all that was ever scrolled to.
const MAX_REFRESHED = 300;
const CLICK_TIMEOUT_MS = 12_000;
/** The tabs of this origin tell each other that tasks have changed. */
const CHANNEL = "widgetstream.tasks";

/** A person's tasks, as far as they are shown. Changes are made on the server first; then the list is what it says. */
export class TaskList {
  readonly #client: WidgetstreamClient;
  readonly #listeners = new Set<() => void>();
  #channel: BroadcastChannel | undefined;
  #state: TaskListState = { filter: "open", tasks: [], total: 0, hasMore: false, status: "loading", problem: "" };
  #nextPageToken = "";
  #load: AbortController | undefined;
  #loadingMore = false;

  constructor(client: WidgetstreamClient) {
    this.#client = client;
  }

  get state(): TaskListState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Loads the list, and keeps it up to date with other tabs, until the returned function is called. */
  open(): () => void {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = () => void this.refresh();
    this.#channel = channel;
    const seen = () => document.visibilityState === "visible" && void this.refresh();
    const online = () => void this.refresh();
    document.addEventListener("visibilitychange", seen);
    window.addEventListener("online", online);
    void this.refresh();
    return () => {
      this.#load?.abort();
      channel.close();
      document.removeEventListener("visibilitychange", seen);
      window.removeEventListener("online", online);
    };
  }

  /** Shows other tasks. */
  show(filter: TaskFilter): void {
    if (filter === this.#state.filter) return;
    this.#nextPageToken = "";
    this.#set({ filter, tasks: [], total: 0, hasMore: false, status: "loading", problem: "" });
    void this.refresh();
  }

  /** Somebody else has changed tasks, such as the assistant: shows them as they are now. */
  changed(): void {
    this.#channel?.postMessage("changed");
    void this.refresh();
  }

  /** Loads what is shown anew. The last call wins. */
  async refresh(): Promise<void> {
    this.#load?.abort();
    const load = new AbortController();
    this.#load = load;
    const wanted = Math.min(Math.max(this.#state.tasks.length, PAGE), MAX_REFRESHED);
    try {
      const tasks: Task[] = [];
      let page: { tasks: Task[]; nextPageToken: string; totalSize: number };
      let pageToken = "";
      do {
        page = await this.#page(pageToken, load.signal);
        tasks.push(...page.tasks);
        pageToken = page.nextPageToken;
      } while (pageToken && tasks.length < wanted);
      if (load.signal.aborted) return;
      this.#nextPageToken = pageToken;
      this.#set({ tasks, total: page.totalSize, hasMore: pageToken !== "", status: "ready", problem: "" });
    } catch (error) {
      if (load.signal.aborted) return;
      // The page says so itself, and comes back here once it is online.
      if (!navigator.onLine && this.#state.status === "ready") return;
      this.#set({ status: "failed", problem: problemText(error) });
    }
  }

  /** Loads the next page, if there is one. */
  async more(): Promise<void> {
    if (this.#loadingMore || !this.#nextPageToken) return;
    this.#loadingMore = true;
    const pageToken = this.#nextPageToken;
    try {
      const page = await this.#page(pageToken);
      if (pageToken !== this.#nextPageToken) return;
      this.#nextPageToken = page.nextPageToken;
      const tasks = [...this.#state.tasks, ...page.tasks];
      this.#set({ tasks, total: page.totalSize, hasMore: page.nextPageToken !== "" });
    } catch (error) {
      this.#set({ problem: problemText(error) });
    } finally {
      this.#loadingMore = false;
    }
  }

  /** Adds a task. */
  async add(title: string, due: string): Promise<void> {
    await this.#change(this.#client.tasks.createTask({ title, due }, { timeoutMs: CLICK_TIMEOUT_MS }));
  }

  /** Marks a task as done, or as open again. It is shown so at once. */
  async setCompleted(task: Task, completed: boolean): Promise<void> {
    this.#replace({ ...task, completed });
    const { tasks } = this.#client;
    const call = completed ? tasks.completeTask : tasks.reopenTask;
    await this.#change(call({ taskId: task.taskId }, { timeoutMs: CLICK_TIMEOUT_MS }));
  }

  /** Changes a task to what a form says. */
  async update(task: Task, fields: TaskFields): Promise<void> {
    const { tags, ...others } = fields;
    const addTags = tags.filter((tag) => !task.tags.includes(tag));
    const removeTags = task.tags.filter((tag) => !tags.includes(tag));
    const request = { taskId: task.taskId, ...others, addTags, removeTags };
    await this.#change(this.#client.tasks.updateTask(request, { timeoutMs: CLICK_TIMEOUT_MS }));
  }

  /** Deletes a task, for good. */
  async remove(task: Task): Promise<void> {
    await this.#change(this.#client.tasks.deleteTask({ taskId: task.taskId }, { timeoutMs: CLICK_TIMEOUT_MS }));
  }

  /** Waits for a change, then shows what is. Rejects as the change does. */
  async #change(call: Promise<unknown>): Promise<void> {
    try {
      await call;
      this.#channel?.postMessage("changed");
    } finally {
      await this.refresh();
    }
  }

  #page(pageToken: string, signal?: AbortSignal) {
    return this.#client.tasks.listTasks({ ...FILTERS[this.#state.filter], pageSize: PAGE, pageToken }, { signal });
  }

  #replace(task: Task): void {
    this.#set({ tasks: this.#state.tasks.map((other) => (other.taskId === task.taskId ? task : other)) });
  }

  #set(change: Partial<TaskListState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
