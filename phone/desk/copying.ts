// A button with data-copy="#id" copies the text of that element, and says so.

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
  const source = button && document.querySelector<HTMLElement>(button.dataset["copy"] ?? "");
  if (!button || !source) return;
  const text = source instanceof HTMLInputElement ? source.value : (source.textContent ?? "").trim();
  await navigator.clipboard.writeText(text);
  const words = button.querySelector("[data-words]");
  if (words) words.textContent = "Copied";
});
