// The form's fields: what they say, what the server wrote into them, and how to fill them in.
import type { Fields } from "./drafts.ts";

type Field = HTMLInputElement | HTMLTextAreaElement;

export function typed(form: HTMLFormElement): Fields {
  const said = fields(form).filter((field) => !choice(field) || (field as HTMLInputElement).checked);
  return Object.fromEntries(said.map((field) => [field.name, field.value]));
}

/** Whatever the browser has filled in since: browsers bring back what was typed when a page is reloaded. */
export function rendered(form: HTMLFormElement): Fields {
  const said = fields(form).filter((field) => !choice(field) || (field as HTMLInputElement).defaultChecked);
  return Object.fromEntries(said.map((field) => [field.name, choice(field) ? field.value : field.defaultValue]));
}

export function fill(form: HTMLFormElement, wanted: Fields): void {
  for (const field of fields(form)) {
    const value = wanted[field.name];
    if (value === undefined) continue;
    if (!choice(field)) field.value = value;
    else if (field.value === value && !field.disabled) (field as HTMLInputElement).checked = true;
  }
}

function fields(form: HTMLFormElement): Field[] {
  return [...form.elements].filter((field): field is Field => /^(INPUT|TEXTAREA)$/.test(field.tagName) && ours(field as Field));
}

/** The form's token is the page's, not the customer's. */
function ours(field: Field): boolean {
  return field.name !== "" && field.name !== "csrfmiddlewaretoken" && field.type !== "file";
}

function choice(field: Field): boolean {
  return field.type === "radio" || field.type === "checkbox";
}
