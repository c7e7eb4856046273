/** What an empty conversation shows, whichever frontend draws it. */
export const GREETING = "What is on your mind?";

export const PLACEHOLDER = "Add a task, or ask about your tasks";

export const PROMPTS = [
  { label: "Add a task", prompt: "Add a task to buy milk tomorrow", icon: "plus" },
  { label: "What is due?", prompt: "What is due this week?", icon: "calendar" },
  { label: "Show all my tasks", prompt: "Show me my tasks", icon: "check-circle" },
] as const;
