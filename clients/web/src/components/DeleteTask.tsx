"use client";

import type { Task } from "@widgetstream/client/todo";
import { useState } from "react";
import { problemText } from "@/services/problems";
import { Dialog, DialogButtons } from "./Dialog";

interface DeleteTaskProps {
  task: Task;
  onDelete: () => Promise<void>;
  onClose: () => void;
}

/** Asks before a task is deleted. */
export function DeleteTask({ task, onDelete, onClose }: DeleteTaskProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  async function confirm() {
    setBusy(true);
    setProblem("");
    try {
      await onDelete();
      onClose();
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  }

  return (
    <Dialog title={`Delete “${task.title}”?`} onClose={onClose}>
      <p>It is deleted for good.</p>
      <p role="alert">{problem}</p>
      <DialogButtons>
        <button type="button" className="button" onClick={onClose}>
          Keep
        </button>
        <button type="button" className="button danger" disabled={busy} onClick={confirm}>
          {busy ? "Deleting…" : "Delete"}
        </button>
      </DialogButtons>
    </Dialog>
  );
}
