// Keys: any element with data-key="x" is pressed (or focused, if it is a field) by that key.
// Rows with data-row move with j and k and open with Enter.

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-row]")];
}

function choose(step: number): void {
  const all = rows();
  const now = all.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  if (!next) return;
  all.forEach((row) => row.setAttribute("aria-selected", String(row === next)));
  next.scrollIntoView({ block: "nearest" });
  next.querySelector<HTMLAnchorElement>("a")?.focus({ preventScroll: true });
}

function press(key: string): boolean {
  const target = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  if (!target || target.closest("[hidden]")) return false;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) target.focus();
  else target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) (event.target as HTMLElement).blur();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "j" || event.key === "k") choose(event.key === "j" ? 1 : -1);
  else if (!press(event.key)) return;
  event.preventDefault();
});
