import path from "node:path";

/** The settings of this process. `widgetstream up` states all of them; see `.env.example`. */
export interface WebSettings {
  /** Where people reach the page, without a slash at the end: issuer and audience of tokens too. */
  publicUrl: string;
  /** PostgreSQL, where accounts are in a schema of their own; undefined: a SQLite file in the data folder. */
  databaseUrl: string | undefined;
  accountsFile: string;
  /** Signs sessions, and encrypts the keys that sign tokens. */
  sessionKey: string;
  signUp: boolean;
  /** Of one address; 0: without limit. */
  signInsPerMinute: number;
  demoAccount: boolean;
  /** What the chat is drawn with, for those who have not chosen. */
  chat: ChatFrontend;
  chatkit: ChatKitSettings;
  /** Hosts from which widgets may show images, besides the page's own. */
  imageDomains: readonly string[];
}

export type ChatFrontend = "built-in" | "chatkit";

export interface ChatKitSettings {
  domainKey: string;
  script: string;
}

let settings: WebSettings | undefined;

/**
 * Returns the settings; the only reader of the environment.
 *
 * @throws {Error} One is missing or cannot be used. The message names the variable, never its value.
 */
export function webSettings(): WebSettings {
  settings ??= readSettings(process.env);
  return settings;
}

/** Reads the settings of an environment. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): WebSettings {
  const publicUrl = (env.WIDGETSTREAM_PUBLIC_URL ?? "http://localhost:8080").replace(/\/+$/, "");
  if (!URL.canParse(publicUrl)) throw new Error("WIDGETSTREAM_PUBLIC_URL: must be a URL");
  const sessionKey = env.WIDGETSTREAM_SESSION_KEY ?? "";
  if (sessionKey.length < 32) throw new Error("WIDGETSTREAM_SESSION_KEY: must have at least 32 characters");
  const signInsPerMinute = Number(env.WIDGETSTREAM_SIGN_INS_PER_MINUTE || 20);
  if (!Number.isInteger(signInsPerMinute) || signInsPerMinute < 0) {
    throw new Error("WIDGETSTREAM_SIGN_INS_PER_MINUTE: must be a whole number");
  }
  const domainKey = env.WIDGETSTREAM_CHATKIT_DOMAIN_KEY ?? "";
  return {
    publicUrl,
    databaseUrl: postgresUrl(env.WIDGETSTREAM_DATABASE_URL),
    accountsFile: path.join(env.WIDGETSTREAM_DATA_DIR || ".data", "accounts.db"),
    sessionKey,
    signUp: env.WIDGETSTREAM_SIGN_UP !== "false",
    signInsPerMinute,
    demoAccount: env.WIDGETSTREAM_DEMO_ACCOUNT === "true",
    chat: frontend(env.WIDGETSTREAM_CHAT, domainKey || takesAnyKey(publicUrl)),
    chatkit: {
      // What ChatKit's element takes on localhost.
      domainKey: domainKey || "domain_pk_localhost_dev",
      script: env.WIDGETSTREAM_CHATKIT_SCRIPT || "https://cdn.platform.openai.com/deployments/chatkit/chatkit.js",
    },
    imageDomains: (env.WIDGETSTREAM_IMAGE_DOMAINS ?? "")
      .split(",")
      .map((domain) => domain.trim())
      .filter(Boolean),
  };
}

/** On a machine of one's own ChatKit's element asks for no registered key. */
function takesAnyKey(publicUrl: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(new URL(publicUrl).hostname);
}

function frontend(value: string | undefined, hasKey: string | boolean): ChatFrontend {
  switch (value || "auto") {
    case "auto":
      return hasKey ? "chatkit" : "built-in";
    case "built-in":
    case "chatkit":
      return value as ChatFrontend;
    default:
      throw new Error("WIDGETSTREAM_CHAT: must be auto, built-in or chatkit");
  }
}

/** SQLAlchemy's forms are taken too: the gRPC server reads the same variable. */
function postgresUrl(url: string | undefined): string | undefined {
  if (!url || url.startsWith("sqlite")) return undefined;
  return url.replace(/^postgres(ql)?(\+\w+)?:/, "postgresql:");
}
