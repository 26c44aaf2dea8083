// Times as the reader's own clock shows them, with its zone; the server knows only its own.

/** '1 Jun 2025, 14:00 CEST' in place of '1 Jun 2025, 12:00 UTC'. */
export function asHere(root: ParentNode): void {
  const language = document.documentElement.lang;
  const clock = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
  });
  root.querySelectorAll<HTMLTimeElement>("time[datetime]").forEach((time) => {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) time.textContent = clock.format(at);
  });
}
