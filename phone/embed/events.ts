// What is told of a customer's way to whoever shows our pages; nothing in it is personal.

export interface Events {
  /** A page is there: front_door, code, capture, status or refused. */
  ready: { page: string };
  /** One of the steps of the capture page, such as photo-overall, and which it is of how many. */
  step: { step: string; number: number; of: number };
  /** How many photos have arrived, of how many that were taken. */
  photo: { sent: number; of: number };
  /** The return was sent just now, and has this number. */
  sent: { case: string };
  /** A no that the customer reads on the page; the code says which. */
  refused: { code: string };
}

/** What the page needs of whoever shows it: its height in CSS pixels and its name, or for a while the whole screen. */
export interface Size {
  height: number;
  title: string;
  whole: boolean;
}

/** What is posted to the page that shows ours. */
export interface Told {
  recoup: keyof Events | "size";
  detail: Events[keyof Events] | Size;
}

/** What that page posts to say that it listens. */
export const HELLO = "hello";
