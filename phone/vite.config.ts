import { defineConfig, type Plugin } from "vite";
import { iconSprite } from "./icons.ts";
import { appIcons } from "./mark.ts";
import { packed } from "./packed.ts";

/** What a page imports later has no styles of its own to wait for, so Vite's helper for that would be dead weight. */
function plainImports(): Plugin {
  return {
    name: "recoup-plain-imports",
    enforce: "pre",
    load: (id) => (id.endsWith("vite/preload-helper.js") ? "export const __vitePreload = (load) => load();" : undefined),
  };
}

// One build for every page: each audience has one script and one stylesheet.
export default defineConfig({
  base: "/static/",
  plugins: [iconSprite(), appIcons(), plainImports(), packed()],
  worker: { format: "es" },
  build: {
    manifest: true,
    outDir: "dist",
    target: "es2022",
    modulePreload: false,
    rollupOptions: {
      // htmx can evaluate strings; our pages forbid it (allowEval: false and the CSP), so its warning is noise here.
      onwarn: (warning, warn) => (warning.code === "EVAL" ? undefined : warn(warning)),
      // The gate is loaded when a page asks for it, so what it offers must keep its name.
      preserveEntrySignatures: "exports-only",
      // What shops write into their pages keeps its address, and the worker's is one of the house's (web/capture/offline.py).
      output: {
        entryFileNames: ({ name }) => ({ "recoup-capture": "embed/[name].js", worker: "[name].js" })[name] ?? "assets/[name]-[hash].js",
      },
      input: [
        "capture/main.ts", "desk/main.ts", "gate/index.ts", "embed/inside.ts", "embed/recoup-capture.ts", "worker.ts",
        "styles/capture.css", "styles/desk.css", "styles/supplier.css", "styles/light.css", "styles/dark.css",
        "capture/texted_code.ts",
      ],
    },
  },
});
