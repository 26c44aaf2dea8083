// What the phone keeps until the server has it: each photo's untouched bytes in segments, and a note of what it is.
// Segments, because only the piece that is being sent is read; ArrayBuffers, because old Safari loses Blobs.
import { read, writing } from "./store.ts";

/** What is written down of a photo. `session`: whose link it belongs to. `url`: where its upload goes on, once announced. */
export interface Note {
  id: string;
  session: string;
  shot: string;
  name: string;
  type: string;
  size: number;
  sha256: string;
  when: number;
  picture: string;
  url: string;
}

const SEGMENT = 1024 * 1024;
const PARTS = ["notes", "segments"];
export const KEPT_FOR = 14 * 24 * 3600 * 1000;

/** One transaction for all of it: a photo is kept whole or not at all. Fails in private mode and when the phone is full. */
export async function save(note: Note, bytes: ArrayBuffer): Promise<void> {
  await writing(PARTS, "strict", (notes, segments) => {
    notes!.put(note);
    for (let at = 0; at < bytes.byteLength; at += SEGMENT) {
      segments!.put(bytes.slice(at, at + SEGMENT), [note.id, at / SEGMENT]);
    }
  });
}

/** The bytes from `offset` to the end of their segment; undefined when the phone has cleared them away. */
export async function piece(id: string, offset: number): Promise<ArrayBuffer | undefined> {
  const found = await read<ArrayBuffer | undefined>("segments", (all) => all.get([id, Math.floor(offset / SEGMENT)]));
  return offset % SEGMENT ? found?.slice(offset % SEGMENT) : found; // twenty photos' copies would be many
}

/** Only of a photo that is still kept: one that was taken out stays out. */
export async function change(id: string, part: Partial<Note>): Promise<void> {
  await writing(["notes"], "strict", (notes) => {
    const asked = notes!.get(id) as IDBRequest<Note | undefined>;
    asked.onsuccess = () => asked.result && notes!.put({ ...asked.result, ...part });
  });
}

export async function forget(id: string): Promise<void> {
  await writing(PARTS, "strict", (notes, segments) => {
    notes!.delete(id);
    segments!.delete(IDBKeyRange.bound([id], [id, []]));
  });
}

/** The photos of these sessions, oldest first. */
export async function of(sessions: string[]): Promise<Note[]> {
  return (await all()).filter((note) => sessions.includes(note.session)).sort((a, b) => a.when - b.when);
}

/** Forget what other links left here long ago; what this link still has to send is never too old. */
export async function sweep(now: number, mine: string[]): Promise<void> {
  const old = (await all()).filter((note) => now - note.when > KEPT_FOR && !mine.includes(note.session));
  for (const note of old) await forget(note.id);
}

async function all(): Promise<Note[]> {
  return read<Note[]>("notes", (notes) => notes.getAll());
}
