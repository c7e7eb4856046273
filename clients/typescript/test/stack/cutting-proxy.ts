import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A way to a server over TCP that breaks when it is told to. */
export class CuttingProxy {
  /** How many connections were made. */
  connections = 0;
  /** How many bytes of answers have passed. */
  received = 0;

  private bytesLeft = Number.POSITIVE_INFINITY;
  private isStalled = false;
  private refusals = 0;
  private readonly open = new Set<Socket>();
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on("connection", (socket) => this.join(socket));
  }

  static async start(target: string): Promise<CuttingProxy> {
    const server = createServer();
    const proxy = new CuttingProxy(server, new URL(target));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Lets so many more bytes of answers pass, then breaks all connections, once. */
  cutAfter(bytes: number): void {
    this.bytesLeft = bytes;
  }

  /** Breaks all connections. */
  cut(): void {
    for (const socket of this.open) socket.destroy();
  }

  /** Lets nothing pass on the connections that there are. They stay open, as when a machine on the way dies. */
  stall(): void {
    this.isStalled = true;
    for (const socket of this.open) socket.pause();
  }

  /** Breaks so many connections to come as soon as they are made. */
  refuse(count: number): void {
    this.refusals = count;
  }

  /** Waits until it is true of the proxy. */
  async until(condition: (proxy: CuttingProxy) => boolean): Promise<void> {
    while (!condition(this)) await new Promise<void>((resume) => this.waiting.add(resume));
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, "close");
  }

  private join(client: Socket): void {
    this.connections += 1;
    this.isStalled = false;
    if (this.refusals > 0) {
      this.refusals -= 1;
      client.destroy();
      this.changed();
      return;
    }
    const server = connect(Number(this.target.port), this.target.hostname);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.open.add(socket);
      // A connection that breaks is what this is for.
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        this.open.delete(socket);
        other.destroy();
      });
    }
    client.on("data", (piece) => server.write(piece));
    server.on("data", (piece) => this.pass(piece, client));
    this.changed();
  }

  private pass(piece: Buffer, client: Socket): void {
    if (this.isStalled) return;
    const passing = piece.subarray(0, this.bytesLeft);
    this.received += passing.length;
    this.bytesLeft -= passing.length;
    if (this.bytesLeft > 0) {
      client.write(passing);
    } else {
      this.bytesLeft = Number.POSITIVE_INFINITY;
      client.end(passing, () => this.cut());
    }
    this.changed();
  }

  private changed(): void {
    for (const resume of this.waiting) resume();
    this.waiting.clear();
  }
}
