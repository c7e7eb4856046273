import type { WidgetEvent } from "../gen/widgetstream/chatkit/v1/event_pb.js";
import { isActive, type RunStatus, type ThreadState } from "./state.js";

/** Returns a run that begins. */
export function newRun(runId: string, phase: "queued" | "running", isRestored: boolean): RunStatus {
  return {
    runId,
    phase,
    sequence: 0,
    isRestored,
    allowCancel: true,
    error: undefined,
    failure: undefined,
    cancelCause: undefined,
    pendingItemId: undefined,
    usage: undefined,
  };
}

/** Whether an event of a run is new. */
export function canFollow(state: ThreadState, runId: string, sequence: number): boolean {
  return sequence > (runOf(state, runId)?.sequence ?? 0);
}

/** Notes an event of a run: the run is the one under way then, unless it has only begun to wait for another. */
export function enterRun(state: ThreadState, runId: string, event: WidgetEvent): ThreadState {
  const known = runOf(state, runId);
  const { sequence } = event;
  if (state.run?.runId === runId) return { ...state, run: { ...state.run, phase: "running", sequence } };
  if (isActive(state.run) && event.event.case === "runStarted") {
    const queued = { ...(known ?? newRun(runId, "queued", false)), sequence };
    return { ...state, queuedRuns: [...without(state.queuedRuns, runId), queued] };
  }
  return {
    ...state,
    run: { ...(known ?? newRun(runId, "running", false)), phase: "running", sequence },
    queuedRuns: known ? without(state.queuedRuns, runId) : state.queuedRuns,
  };
}

/** Returns the state with something else of the run under way. */
export function withRun(state: ThreadState, change: Partial<RunStatus>): ThreadState {
  return state.run ? { ...state, run: { ...state.run, ...change } } : state;
}

/** Ends the run under way: nothing of it is unfinished any more. */
export function endRun(state: ThreadState, change: Partial<RunStatus>): ThreadState {
  const { rebuilding } = state;
  const items = rebuilding.size ? state.items.map((item) => rebuilding.get(item.id) ?? item) : state.items;
  return {
    ...withRun(state, change),
    items,
    progress: undefined,
    pendingItemIds: state.pendingItemIds.size ? new Set() : state.pendingItemIds,
    imageProgress: state.imageProgress.size ? new Map() : state.imageProgress,
    rebuilding: rebuilding.size ? new Map() : rebuilding,
  };
}

function runOf(state: ThreadState, runId: string): RunStatus | undefined {
  return state.run?.runId === runId ? state.run : state.queuedRuns.find((run) => run.runId === runId);
}

function without(runs: readonly RunStatus[], runId: string): readonly RunStatus[] {
  return runs.filter((run) => run.runId !== runId);
}
