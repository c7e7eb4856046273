import type { WidgetstreamClient } from "@widgetstream/client";
import type { ReactNode } from "react";
import type { ColorScheme, ThemeOptions } from "../theme/index.js";
import type { Texts } from "./texts/index.js";

/** A suggestion on the start screen: pressing it sends its prompt. */
export interface StartPrompt {
  label: string;
  prompt: string;
  /** A literal of `BuiltInIcon`, or a name with the prefix `lucide:`. */
  icon?: string;
}

/** What an empty conversation shows. */
export interface StartScreen {
  greeting?: string;
  prompts?: readonly StartPrompt[];
}

/** A model, or a tool, that the person may choose. */
export interface Choice {
  /** What the server is told. */
  id: string;
  label: string;
  /** A second, quieter line. */
  description?: string;
  icon?: string;
  /** Chosen from the start. At most one of a list. */
  default?: boolean;
}

/** A tool that the person may choose; while it is chosen, the composer may show another placeholder. */
export interface ToolOption extends Choice {
  /** In the composer's chip, where the label is too long. */
  shortLabel?: string;
  placeholder?: string;
  /** Whether the tool stays chosen after a message is sent. */
  persistent?: boolean;
}

/** Which files may go with a message. */
export interface AttachmentOptions {
  /** Default: true. */
  enabled?: boolean;
  /** Bytes. Default: 100 MB, as the server. */
  maxSize?: number;
  /** Default and most: 20. */
  maxCount?: number;
  /** Media types, patterns such as `image/*`, or endings such as `.pdf`. Default: all. */
  accept?: readonly string[];
}

/** How people write. */
export interface ComposerOptions {
  placeholder?: string;
  models?: readonly Choice[];
  tools?: readonly ToolOption[];
  /** `false` for none. */
  attachments?: AttachmentOptions | false;
  /** Whether speech can be written down. Default: false, as not every server does it. */
  dictation?: boolean;
  /** A line below the composer, such as that the assistant can be wrong. */
  disclaimer?: ReactNode;
}

/** Something that the application knows and that people may mention with `@`. */
export interface Entity {
  id: string;
  /** Shown, and what the assistant reads. */
  title: string;
  icon?: string;
  /** Entities of one group are shown together. */
  group?: string;
  /** Whether `onClick` is called for it. */
  interactive?: boolean;
  data?: Record<string, string>;
}

/** Callbacks for mentions and for sources that are entities. */
export interface EntityOptions {
  /** Finds what may be mentioned. Called while the person types after `@`. */
  onTagSearch?(query: string, signal: AbortSignal): Promise<readonly Entity[]>;
  onClick?(entity: Entity): void;
}

/** The list of earlier conversations. */
export interface HistoryOptions {
  /** Default: true. */
  showDelete?: boolean;
  /** Default: true. */
  showRename?: boolean;
}

/** The line above the conversation. */
export interface HeaderOptions {
  /** In place of the conversation's title. */
  title?: ReactNode;
  /** At the line's start, after the button of the history. */
  start?: ReactNode;
  /** At the line's end. */
  end?: ReactNode;
}

/** An action that a widget leaves to the page. */
export interface ClientAction {
  type: string;
  /** JSON. */
  payload: unknown;
  /** The widget's item. */
  itemId: string;
}

/** What can be done from within a handler of a client action. */
export interface ActionTools {
  threadId: string | undefined;
  /** Sends an action to the server, as the widget would. Resolves when its run has ended, or the answer is there. */
  sendAction(action: { type: string; payload?: unknown; streaming?: boolean; itemId?: string }): Promise<void>;
  /** Says something, as if the person had written it. */
  sendMessage(text: string): Promise<void>;
}

/** A chat with the assistant: conversation, composer, history. Fills the element that it is put in. */
export interface ChatPanelProps {
  client: WidgetstreamClient;
  /** The conversation. Not set: a new one, and the panel itself keeps which one is open. */
  threadId?: string | undefined;
  /** Another conversation was opened, or a new one got its id. `undefined`: a new one, which has no id yet. */
  onThreadChange?(threadId: string | undefined): void;
  startScreen?: StartScreen;
  composer?: ComposerOptions;
  entities?: EntityOptions;
  /** `false` for no list of earlier conversations. */
  history?: HistoryOptions | boolean;
  /** `false` for no line above the conversation. */
  header?: HeaderOptions | boolean;
  /** Whether answers have buttons for what the person thinks of them. Default: true. */
  feedback?: boolean;
  /** The assistant asks the page to do something, such as to refresh a list. Never called again after a reload. */
  onClientEffect?(name: string, data: Record<string, unknown>): void;
  /** The assistant asks the page for something; what it resolves to, JSON, is the answer. */
  onClientTool?(name: string, args: Record<string, unknown>): Promise<unknown>;
  /** An action whose handler is the client. */
  onAction?(action: ClientAction, tools: ActionTools): void | Promise<void>;
  /** Something failed that the panel has told the person in words. For logs. */
  onError?(error: unknown): void;
  /** Hosts from which images may be shown, where the conversation itself does not say. Default: none but the page's own. */
  imageDomains?: readonly string[];
  theme?: ColorScheme | ThemeOptions;
  /** Such as `de-AT`. Default: the browser's language. */
  locale?: string;
  /** In place of single texts of the locale's language. */
  texts?: Partial<Texts>;
  className?: string;
}
