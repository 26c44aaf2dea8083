// Which of a label's codes is the serial number. Pure, and only a proposal to the reader: the server is the judge.

export interface Code {
  readonly text: string;
  /** As the reader calls its kind: "EAN13", "ean_13", "Code128" … */
  readonly format: string;
}

/** The one number that it surely is, or else those to choose from; both empty when nothing looks like one. */
export interface Read {
  readonly serial: string;
  readonly choose: readonly string[];
}

const NOTHING_FOUND: Read = { serial: "", choose: [] };
const RETAIL = /^(ean|upc|isbn|databar|itf.?14)/i; // they name the product, never the unit
const PLAIN = /^(?=.*\d)[A-Z0-9][A-Z0-9/.-]{4,29}$/i;
const NAMED = /(?:^|[\s;,|?&])(?:S\/N[.:#\s]*|(?:SN|SERIAL(?:[\s_-]?(?:NO|NR|NUMBER))?)[.:#=\s]+)([A-Z0-9][A-Z0-9/.-]{3,29})/i;
const LINKED = /\/01\/(\d{8,14})(?:\/[^/?#]+\/[^/?#]+)*?\/21\/([^/?#]+)/;
const GROUP = "\x1d";
/** GS1's application identifiers whose values have one length; all others end with GROUP. */
const LENGTHS: Record<string, number> = { "00": 18, "01": 14, "02": 14, 11: 6, 12: 6, 13: 6, 15: 6, 16: 6, 17: 6, 20: 2 };

/** `format`: what this product's serial numbers look like, where that is known. */
export function serialIn(codes: readonly Code[], format?: RegExp): Read {
  const named = once(codes.map(({ text }) => namedIn(text)));
  const plain = once(codes.map(plainIn));
  const likely = named.length ? named : plain.filter((number) => !isGtin(number));
  const fitting = format ? once([...named, ...plain]).filter((number) => format.test(number)) : likely;
  if (fitting.length === 1) return { ...NOTHING_FOUND, serial: fitting[0]! };
  return { ...NOTHING_FOUND, choose: fitting.length ? fitting : likely };
}

function once(numbers: string[]): string[] {
  return [...new Set(numbers.filter(Boolean))];
}

/** A number that its code says is a serial: GS1's identifier 21, or the letters S/N before it. */
function namedIn(text: string): string {
  return elements(text).get("21") ?? linked(text) ?? NAMED.exec(text)?.[1] ?? "";
}

function plainIn({ text, format }: Code): string {
  return RETAIL.test(format) || !PLAIN.test(text.trim()) || elements(text).size ? "" : text.trim();
}

function linked(text: string): string | undefined {
  const [, gtin = "", serial = ""] = LINKED.exec(text) ?? [];
  try {
    return isGtin(gtin) ? decodeURIComponent(serial) : undefined;
  } catch {
    return undefined; // no address, but something that looks like one
  }
}

/** GS1's element string, with its identifiers in brackets or as the code has them; empty when it is none. */
function elements(text: string): Map<string, string> {
  const bracketed = [...text.matchAll(/\((\d{2,4})\)([^(]+)/g)].map(([, key, value]) => [key!, value!] as const);
  const found = new Map(bracketed.length ? bracketed : bare(text));
  return isGtin(found.get("01") ?? "") ? found : new Map<string, string>();
}

function* bare(text: string): Generator<[string, string]> {
  for (let rest = text.replace(/^\](?:d2|C1|Q3|e0)/, ""); rest; rest = rest.replace(/^\x1d+/, "")) {
    const key = rest.slice(0, 2);
    const stop = rest.indexOf(GROUP);
    const end = key in LENGTHS ? 2 + LENGTHS[key]! : stop < 0 ? rest.length : stop;
    yield [key, rest.slice(2, end)];
    rest = rest.slice(Math.max(end, 1));
  }
}

/** The last digit checks the others. */
export function isGtin(text: string): boolean {
  if (!/^(\d{8}|\d{12,14})$/.test(text)) return false;
  const sum = [...text].reverse().reduce((all, digit, at) => all + Number(digit) * (at % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
}
