import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** All that `make run` starts, on free ports, with data of its own: server, web page, Envoy. */
export class Stack {
  private constructor(
    /** Where the page is. */
    readonly url: string,
    private readonly folder: string,
    private readonly settings: NodeJS.ProcessEnv,
    private program: ChildProcess,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<Stack> {
    const folder = await mkdtemp(path.join(tmpdir(), "widgetstream-web-"));
    const [http, grpc, web] = await Promise.all([freePort(), freePort(), freePort()]);
    const environment = {
      ...inherited(),
      PYTHONPATH: path.join(ROOT, "server"),
      PYTHONUNBUFFERED: "1",
      WIDGETSTREAM_DATA_DIR: path.join(folder, "data"),
      WIDGETSTREAM_HTTP_PORT: String(http),
      WIDGETSTREAM_GRPC_PORT: String(grpc),
      WIDGETSTREAM_WEB_PORT: String(web),
      WIDGETSTREAM_SHUTDOWN_GRACE_SECONDS: "0",
      // Many people sign up from one address here.
      WIDGETSTREAM_SIGN_INS_PER_MINUTE: "0",
      WIDGETSTREAM_CHAT: "built-in",
      ...settings,
    };
    const { program, url } = await launch(environment, folder);
    return new Stack(url, folder, environment, program);
  }

  /** Kills the server, as a loss of power would; the rest ends, or starts it again. */
  async killServer(): Promise<void> {
    const pid = childOf(this.program, "widgetstream_server.cli serve");
    process.kill(pid, "SIGKILL");
  }

  /** Starts everything again, with the same data, at the same address; what still runs is ended before. */
  async restart(): Promise<void> {
    await this.stop();
    this.program = (await launch(this.settings, this.folder)).program;
  }

  async end(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async stop(): Promise<void> {
    if (this.program.exitCode !== null || this.program.signalCode !== null) return;
    const ended = once(this.program, "exit");
    this.program.kill("SIGTERM");
    await ended;
  }
}

async function launch(env: NodeJS.ProcessEnv, folder: string): Promise<{ program: ChildProcess; url: string }> {
  const program = spawn(path.join(ROOT, ".venv/bin/widgetstream"), ["up"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (piece: Buffer) => {
      said += piece;
      const url = /^ready (\S+)$/m.exec(said)?.[1];
      if (url) resolve({ program, url: url.replace(/\/$/, "") });
    };
    program.stdout?.on("data", hear);
    program.stderr?.on("data", hear);
    program.once("error", reject);
    program.once("exit", (code) => reject(new Error(`the stack ended with ${code}:\n${said}`)));
  });
}

function childOf(program: ChildProcess, words: string): number {
  const children = readFileSync(`/proc/${program.pid}/task/${program.pid}/children`, "utf8").trim().split(" ");
  const commandOf = (pid: string) => readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  const found = children.find((pid) => commandOf(pid).includes(words));
  if (!found) throw new Error(`no child runs ${words}`);
  return Number(found);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function inherited(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(WIDGETSTREAM|OPENAI)_/.test(name));
  return Object.fromEntries(own) as NodeJS.ProcessEnv;
}
