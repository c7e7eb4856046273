import path from "node:path";
import type { NextConfig } from "next";

// All packages of the workspace, and their node_modules.
const workspace = path.join(import.meta.dirname, "..");

const config: NextConfig = {
  output: "standalone",
  outputFileTracingRoot: workspace,
  turbopack: { root: workspace },
  poweredByHeader: false,
  reactStrictMode: true,
  // `make lint-web` checks the types; a build need not do it once more.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
};

export default config;
