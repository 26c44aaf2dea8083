// One sprite of the icons that pages name, cut from Lucide at build time.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

export const ICONS = [
  "arrow-left", "arrow-right", "ban", "barcode", "bell", "box", "camera", "check", "chevron-right", "circle-alert",
  "circle-check", "circle-help", "circle-x", "clipboard-list", "clock", "download", "eye", "eye-off", "file-check",
  "file-text", "handshake", "image", "image-up", "inbox", "key-round", "link", "list-checks", "lock", "log-out", "mail",
  "message-circle", "octagon-alert", "package", "package-check", "package-open", "pencil", "plus", "receipt-text",
  "refresh-cw", "rotate-cw", "scan-barcode", "search", "send", "settings", "smartphone", "shield-check", "square-pen", "tag",
  "trash-2", "triangle-alert", "truck", "undo-2", "upload", "user", "wallet", "warehouse", "chart-column", "x",
  "banknote", "flashlight", "focus", "lightbulb", "chevron-down", "external-link", "hand", "mail-warning", "maximize-2", "qr-code", "store", "users", "zoom-in",
  "zoom-out",
] as const;

function symbol(name: string): string {
  const file = new URL(`./node_modules/lucide-static/icons/${name}.svg`, import.meta.url);
  const inner = readFileSync(fileURLToPath(file), "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/)?.[1] ?? "";
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s+/g, " ").trim()}</symbol>`;
}

export function iconSprite(): Plugin {
  return {
    name: "recoup-icons",
    generateBundle() {
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${ICONS.map(symbol).join("")}</svg>`;
      this.emitFile({ type: "asset", fileName: "icons.svg", source });
    },
  };
}
