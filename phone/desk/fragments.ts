// What htmx brings: a refusal is shown where the work is, and nothing typed is lost.
import htmx from "htmx.org";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false; // our policy allows no inline styles
htmx.config.defaultSwapStyle = "outerHTML";
htmx.config.scrollBehavior = "instant";
// A refusal comes with its status (403, 409, 422 …) and is to be read like anything else.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "[45]..", swap: true, error: true },
];

document.addEventListener("htmx:afterSwap", (event) => {
  const target = (event as CustomEvent<{ target: Element }>).detail.target;
  if (target.id === "refusal") target.scrollIntoView({ block: "nearest" });
});

// No answer at all: the network is away, or the server is.
document.addEventListener("htmx:sendError", () => {
  const place = document.querySelector("#refusal");
  const note = document.createElement("p");
  note.className = "note stops";
  note.textContent = "We could not reach the server. What you typed is still here; try again in a moment.";
  place?.replaceChildren(note);
});

// Trying again takes the earlier refusal away.
document.addEventListener("htmx:beforeRequest", (event) => {
  const sent = (event as CustomEvent<{ requestConfig: { verb: string } }>).detail.requestConfig;
  if (sent.verb === "post") document.querySelector("#refusal")?.replaceChildren();
});
