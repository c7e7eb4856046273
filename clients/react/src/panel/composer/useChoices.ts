import { useState } from "react";
import type { Choice, ComposerOptions, ToolOption } from "../types.js";

/** The model and the tool that the person has chosen. */
export interface Choices {
  model: Choice | undefined;
  tool: ToolOption | undefined;
  setModel(model: Choice): void;
  setTool(tool: ToolOption | undefined): void;
  /** A message was sent: a tool that does not stay is put away. */
  afterSending(): void;
}

/** Keeps what was chosen among the composer's models and tools, as long as it is offered. */
export function useChoices({ models, tools }: ComposerOptions): Choices {
  const [modelId, setModelId] = useState<string>();
  const [toolId, setToolId] = useState<string>();
  const model = models?.find(({ id }) => id === modelId) ?? models?.find((each) => each.default) ?? models?.[0];
  const tool = tools?.find(({ id }) => id === toolId);
  return {
    model,
    tool,
    setModel: ({ id }) => setModelId(id),
    setTool: (chosen) => setToolId(chosen?.id),
    afterSending: () => {
      if (!tool?.persistent) setToolId(undefined);
    },
  };
}
