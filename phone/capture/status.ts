// The status page changes by itself: it asks often at first, then ever more slowly.

const place = document.querySelector<HTMLElement>("[data-status]");
const opened = Date.now();
let tag = place?.dataset["tag"] ?? "";

async function ask(address: string): Promise<void> {
  try {
    const answer = await fetch(address, { headers: tag ? { "If-None-Match": tag } : {} });
    if (answer.status === 200 && place) {
      tag = answer.headers.get("ETag") ?? "";
      place.innerHTML = await answer.text();
    }
  } catch {
    // No line just now; the page still shows what was true a moment ago.
  }
  const age = Date.now() - opened;
  window.setTimeout(() => void ask(address), age < 20_000 ? 600 : age < 120_000 ? 3_000 : 15_000);
}

export function follow(): void {
  const address = place?.dataset["status"];
  if (address) void ask(address);
}
