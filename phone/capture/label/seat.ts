// Where the serial number is asked for: on the label's own step where the way has one, else beside the few words.

export const LABEL = "serial_label";

export function seatSerial(): void {
  const field = document.querySelector<HTMLElement>("[data-serial-field]");
  const chosen = document.querySelector<HTMLInputElement>("[name=defect_type]:checked")?.dataset["shots"] ?? "";
  const own = chosen.split(" ").includes(LABEL) ? document.querySelector(`[data-shot-step=${LABEL}] .pick`) : null;
  const words = document.querySelector("[data-step=words] h1");
  const before = own ?? words;
  if (field && before && before.nextElementSibling !== field) before.after(field);
}
