// Keys: any element with data-key="x" is pressed (or focused, if it is a field) by that key.
// Rows with data-row move with j and k and open with Enter; ? shows every key.

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && /^(checkbox|radio|button|submit|file)$/.test(target.type)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-row]")];
}

function select(row: HTMLElement): void {
  rows().forEach((each) => each.setAttribute("aria-selected", String(each === row)));
  row.scrollIntoView({ block: "nearest" });
  row.querySelector<HTMLAnchorElement>("a")?.focus({ preventScroll: true });
}

function move(step: number): void {
  const all = rows();
  const now = all.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const here = all[now]?.contains(document.activeElement);
  // The first press goes to the row that is chosen already; from then on, to the next one.
  const next = all[Math.min(Math.max(now < 0 || here ? now + step : now, 0), all.length - 1)];
  if (next) select(next);
}

// A fold opened by its key is there to be filled in, at once: the next letter typed belongs into its field.
function unfold(fold: HTMLDetailsElement): void {
  fold.open = !fold.open;
  if (fold.open) fold.querySelector<HTMLElement>("[data-first]")?.focus();
}

function press(key: string): boolean {
  const target = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  if (!target || target.closest("[hidden]")) return false;
  const fold = target.tagName === "SUMMARY" ? target.closest("details") : null;
  if (fold) unfold(fold);
  else if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) target.focus();
  else target.click();
  return true;
}

function help(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#help");
  if (dialog?.open) dialog.close();
  else dialog?.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) (event.target as HTMLElement).blur();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const dialog = document.querySelector<HTMLDialogElement>("dialog[open]");
  if (event.key === "?") help();
  else if (dialog) return;
  else if (event.key === "Enter" && document.activeElement === document.body) {
    const link = document.querySelector<HTMLAnchorElement>('[data-row][aria-selected="true"] a');
    if (!link) return;
    link.click();
  } else if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
  else if (!press(event.key)) return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const row = target?.closest<HTMLElement>("[data-row]");
  if (row && !target?.closest("a, button, input, select, label, summary")) select(row);
});
