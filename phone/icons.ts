// The icons that pages name, cut from Lucide at build time: one sprite for all, and a small one for the phone.
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

/** What the customer's pages show: nothing else may stand between them and the camera. */
export const PHONE_ICONS: readonly (typeof ICONS)[number][] = [
  "arrow-left", "arrow-right", "barcode", "camera", "check", "chevron-down", "circle-alert", "circle-check", "circle-x",
  "clock", "download", "eye-off", "flashlight", "focus", "hand", "image-up", "lightbulb", "mail", "maximize-2",
  "message-circle", "package", "package-check", "plus", "qr-code", "refresh-cw", "rotate-cw", "search", "send",
  "smartphone", "trash-2", "triangle-alert", "truck", "upload", "wallet", "x", "zoom-in", "zoom-out",
];

function symbol(name: string): string {
  const file = new URL(`./node_modules/lucide-static/icons/${name}.svg`, import.meta.url);
  const inner = readFileSync(fileURLToPath(file), "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/)?.[1] ?? "";
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s+/g, " ").trim()}</symbol>`;
}

export function iconSprite(): Plugin {
  return {
    name: "recoup-icons",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "icons.svg", source: sprite(ICONS) });
      this.emitFile({ type: "asset", fileName: "phone.svg", source: sprite(PHONE_ICONS) });
    },
  };
}

function sprite(names: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg">${names.map(symbol).join("")}</svg>`;
}
