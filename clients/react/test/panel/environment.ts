import { builtinEnvironments, type Environment } from "vitest/runtime";

/** A browser's page, whose network is Node's own. */
const environment: Environment = {
  ...builtinEnvironments["happy-dom"],
  name: "happy-dom-with-network",
  async setup(global, options) {
    const { fetch, AbortController } = global;
    const page = await builtinEnvironments["happy-dom"].setup(global, options);
    // A signal of the page is not one of Node's.
    global.nodeFetch = async (input: string, init: RequestInit = {}) => {
      const controller = new AbortController();
      const { signal } = init;
      if (signal?.aborted) controller.abort(signal.reason);
      signal?.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
      const headers = Object.fromEntries(new Headers(init.headers).entries());
      // Neither are its files.
      const body = init.body instanceof Blob ? await init.body.arrayBuffer() : init.body;
      return fetch(input, { ...init, body, headers, signal: controller.signal });
    };
    return page;
  },
};

export default environment;
