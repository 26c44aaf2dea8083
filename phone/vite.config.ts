import { defineConfig } from "vite";
import { iconSprite } from "./icons";

// One build for every page: each audience has one script and one stylesheet.
export default defineConfig({
  base: "/static/",
  plugins: [iconSprite()],
  build: {
    manifest: true,
    outDir: "dist",
    target: "es2022",
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: ["capture/main.ts", "desk/main.ts", "supplier/main.ts", "styles/capture.css", "styles/desk.css", "styles/supplier.css"],
    },
  },
});
