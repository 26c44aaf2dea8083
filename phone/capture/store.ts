// The phone's own store: photos' notes and bytes, and what was chosen and typed. It may be absent, full, or silent.

const PATIENCE = 4000;
const SILENT = new Error("The phone's store does not answer.");
let opened: Promise<IDBDatabase> | undefined;

/** A transaction of these parts that is over when everything is written; `strict` means on the disk, not on its way there. */
export async function writing(
  parts: string[], durability: "strict" | "relaxed", work: (...stores: IDBObjectStore[]) => void,
): Promise<void> {
  const turn = (await database()).transaction(parts, "readwrite", { durability });
  const over = new Promise<void>((resolve, reject) => {
    turn.oncomplete = () => resolve();
    turn.onabort = turn.onerror = () => reject(turn.error ?? new Error("Nothing could be kept."));
  });
  work(...parts.map((part) => turn.objectStore(part)));
  return over;
}

export async function read<T>(part: string, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return answer(ask((await database()).transaction(part).objectStore(part)));
}

function database(): Promise<IDBDatabase> {
  opened ??= Promise.race([open(), tired()]);
  opened.catch((error) => (opened = error === SILENT ? opened : undefined));
  return opened;
}

async function open(): Promise<IDBDatabase> {
  const asked = indexedDB.open("recoup", 2);
  asked.onupgradeneeded = ({ oldVersion }) => {
    if (oldVersion < 1) asked.result.createObjectStore("notes", { keyPath: "id" });
    if (oldVersion < 1) asked.result.createObjectStore("segments");
    for (const part of ["drafts", "seen", "wishes"]) asked.result.createObjectStore(part, { keyPath: "session" });
  };
  const made = await answer(asked);
  // Phones close it behind a sleeping page's back; whoever needs it next opens it again.
  made.onclose = made.onversionchange = () => {
    made.close();
    opened = undefined;
  };
  return made;
}

/** Some Safaris never answer; then this page goes on without, and does not wait for it again. */
function tired(): Promise<never> {
  return new Promise((_, reject) => window.setTimeout(() => reject(SILENT), PATIENCE));
}

function answer<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("The phone's store refuses."));
  });
}
