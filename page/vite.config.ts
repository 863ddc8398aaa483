import { svelte } from "@sveltejs/vite-plugin-svelte";
import { viteSingleFile } from "vite-plugin-singlefile";
import { defineConfig } from "vitest/config";

// One HTML file with one inline module script and one inline style: the server allows exactly these
// two by their hashes, and nothing else runs.
export default defineConfig({
  plugins: [svelte(), viteSingleFile({ removeViteModuleLoader: true })],
  build: {
    outDir: "../crates/allegiance-explore/built",
    emptyOutDir: false, // the WebAssembly module lies there too
    license: { fileName: "licences.md" }, // of what is bundled, to go with it
    target: "es2023",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: false,
    reportCompressedSize: false,
  },
  server: { proxy: { "/api": "http://127.0.0.1:7878", "/engine.wasm": "http://127.0.0.1:7878" } },
  test: { include: ["src/**/*.test.ts"] },
});
