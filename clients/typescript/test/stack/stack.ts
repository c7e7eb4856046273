import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const ROOT = resolve(import.meta.dirname, "../../../..");
const BIN = join(ROOT, ".venv/bin");

/** The server and a real Envoy, as `widgetstream up` starts them, on free ports. */
export class Stack {
  private constructor(
    /** Where the doors are. */
    readonly url: string,
    /** Settings, the ports included: a stack started with them again has the same data and doors. */
    readonly settings: NodeJS.ProcessEnv,
    private readonly folder: string,
    private readonly program: ChildProcess,
  ) {}

  static async start(settings: NodeJS.ProcessEnv = {}): Promise<Stack> {
    const folder = await mkdtemp(join(tmpdir(), "widgetstream-test-"));
    const environment = {
      ...inherited(),
      WIDGETSTREAM_DATA_DIR: join(folder, "data"),
      WIDGETSTREAM_GRPC_PORT: "0",
      WIDGETSTREAM_HTTP_PORT: "0",
      WIDGETSTREAM_APP: "tests.e2e.paced_showcase:create",
      WIDGETSTREAM_SHUTDOWN_GRACE_SECONDS: "0",
      PYTHONPATH: join(ROOT, "server"),
      PYTHONUNBUFFERED: "1",
      ...settings,
    };
    return Stack.launch(environment, folder);
  }

  private static async launch(environment: NodeJS.ProcessEnv, folder: string): Promise<Stack> {
    const program = spawn(join(BIN, "widgetstream"), ["up", "--no-web"], {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Stack(await ready(program), environment, folder, program);
  }

  /** Returns a token of the stack. */
  async token(user = "ada", ttl = "1h"): Promise<string> {
    const command = ["token", "--user", user, "--ttl", ttl];
    const { stdout } = await promisify(execFile)(join(BIN, "widgetstream"), command, { env: this.settings });
    return stdout.trim();
  }

  /** Kills the server, as a loss of power would, and waits until the rest has ended too. */
  async kill(): Promise<void> {
    const ended = new Promise((done) => this.program.once("exit", done));
    process.kill(this.serverPid(), "SIGKILL");
    await ended;
  }

  /** Starts it again after a kill, with the same data, at the same address. */
  restart(): Promise<Stack> {
    return Stack.launch({ ...this.settings, WIDGETSTREAM_HTTP_PORT: new URL(this.url).port }, this.folder);
  }

  /** Ends it, and removes its data. */
  async end(): Promise<void> {
    if (this.program.exitCode === null) {
      const ended = new Promise((done) => this.program.once("exit", done));
      this.program.kill("SIGTERM");
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private serverPid(): number {
    const children = readFileSync(`/proc/${this.program.pid}/task/${this.program.pid}/children`, "utf8");
    const pids = children.trim().split(" ");
    return Number(pids.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("serve")));
  }
}

function inherited(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(WIDGETSTREAM|OPENAI)_/.test(name));
  return Object.fromEntries(own);
}

function ready(program: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    program.stdout?.on("data", (piece) => {
      said += piece;
      const found = /^ready (\S+)$/m.exec(said);
      if (found?.[1]) resolve(found[1]);
    });
    program.stderr?.on("data", (piece) => {
      said += piece;
    });
    program.once("exit", (code) => reject(new Error(`the stack ended with ${code}:\n${said}`)));
    program.once("error", reject);
  });
}
