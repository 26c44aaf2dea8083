// The photos of this page on their way: kept on the phone first, sent by one tab, known to all of them.
import * as kept from "./kept.ts";
import { freshId, sha256 } from "./naming.ts";
import { LOST, send, type Stop, type Told } from "./queue.ts";
import { earlier, largest, now, type PhotoState, session } from "./server.ts";
import { join } from "./tabs.ts";
import { thumb } from "./thumb.ts";
import { words } from "./words.ts";

/** `file` is there while the phone's store does not have the photo: then it lives as long as this page. */
export interface Local extends kept.Note {
  stage: "saving" | "going" | "waiting" | "failed" | "arrived";
  share: number;
  sentence: string;
  /** Trying this very photo once more, here, would not help. */
  final: boolean;
  /** This link is over, but another one may take it. */
  ended: boolean;
  file: File | null;
  stop: Stop;
}

/** What another tab must know of a photo to show it, and to go on with it. */
type State = Pick<Local, "stage" | "share" | "sentence" | "final" | "ended" | "url">;
type News = { id: string } & ({ about: "state"; state: State } | { about: "new" | "dropped" | "again" | "how is it?" });

export const local = new Map<string, Local>();
const MANY = 1024 * 1024;
let changed: () => void = () => undefined;
let arrived: () => void = () => undefined;
let leading = false;
let saving = Promise.resolve();
let tellTabs: (news: News) => void = () => undefined;

/** Take up what an earlier visit left, and from now on say when something changes or arrives. */
export async function begin(onChange: () => void, onArrival: () => void): Promise<void> {
  [changed, arrived] = [onChange, onArrival];
  tellTabs = join(`recoup ${session}`, { begin: lead, end: follow, hear: (news) => hearTab(news as News) });
  await recall();
  if (!leading) [...local.keys()].forEach((id) => tellTabs({ about: "how is it?", id }));
  await kept.sweep(now(), [session, ...earlier]).catch(() => undefined);
}

export function add(shot: string, file: File): void {
  const id = freshId();
  const photo = known({ id, session, shot, name: file.name, type: file.type, size: file.size, sha256: "", when: now(), picture: "", url: "" });
  Object.assign(photo, { stage: "saving", file });
  local.set(id, photo);
  changed();
  // One after another, so that only one photo is whole in memory.
  saving = saving.then(() => keep(photo, file));
}

export function again(photo: Local): void {
  start(photo);
  if (!leading) tellTabs({ about: "again", id: photo.id });
}

export function drop(photo: Local): void {
  forsake(photo);
  void kept.forget(photo.id).catch(() => undefined);
  tellTabs({ about: "dropped", id: photo.id });
}

/** The server names these photos, so they are there, whatever became of the answer that should have said so. */
export function settle(there: PhotoState[]): void {
  there.map((photo) => local.get(photo.client)).forEach((photo) => photo && photo.stage !== "arrived" && finish(photo));
}

/** Would closing this page lose a photo? */
export function inDanger(): boolean {
  return [...local.values()].some((photo) => photo.stage === "saving" || (photo.file && photo.stage !== "arrived" && !photo.final));
}

function known(note: kept.Note): Local {
  return { ...note, stage: "going", share: 0, sentence: "", final: false, ended: false, file: null, stop: () => undefined };
}

/** On the phone before anything else. Where that cannot be, the photo is sent from memory, and the page says so. */
async function keep(photo: Local, file: File): Promise<void> {
  if (file.size > largest) return hear(photo, { kind: "never", status: 413, sentence: "" });
  const bytes = await file.arrayBuffer().catch(() => null);
  if (!local.has(photo.id)) return;
  if (!bytes) return hear(photo, { kind: "never", status: LOST, sentence: "" });
  photo.sha256 = await sha256(bytes);
  if (twin(photo)) return void (local.delete(photo.id), changed());
  await kept.save(note(photo), bytes).then(() => (photo.file = null), () => undefined);
  photo.stage = "going";
  // Taken out while it was being kept.
  if (!local.has(photo.id)) return void kept.forget(photo.id).catch(() => undefined);
  start(photo);
  tellTabs({ about: "new", id: photo.id });
  photo.picture = await thumb(file);
  changed();
  if (!photo.file) await kept.change(photo.id, { picture: photo.picture }).catch(() => undefined);
}

/** The very same bytes for the same shot, on their way already: one photo, picked twice. */
function twin(photo: Local): boolean {
  const others = [...local.values()].filter((other) => other !== photo && other.shot === photo.shot);
  return others.some((other) => photo.sha256 && other.sha256 === photo.sha256 && !["failed", "arrived"].includes(other.stage));
}

function note({ id, session, shot, name, type, size, sha256, when, picture, url }: Local): kept.Note {
  return { id, session, shot, name, type, size, sha256, when, picture, url };
}

async function recall(): Promise<void> {
  const notes = await kept.of([session, ...earlier]).catch(() => []);
  for (const found of notes.filter((each) => !local.has(each.id))) {
    const photo = known(found);
    // From an ended session of the same return: there its upload is over, here it begins.
    if (photo.session !== session) {
      Object.assign(photo, { session, url: "" });
      await kept.change(photo.id, { session, url: "" }).catch(() => undefined);
    }
    local.set(photo.id, photo);
    start(photo);
  }
  changed();
}

function lead(): void {
  leading = true;
  [...local.values()].filter((photo) => !photo.final && !photo.file).forEach(start);
}

function follow(): void {
  leading = false;
  [...local.values()].filter((photo) => !photo.file).forEach((photo) => photo.stop(false));
}

function start(photo: Local): void {
  if (photo.stage === "saving" || photo.stage === "arrived") return;
  photo.stop(false);
  Object.assign(photo, { stage: "going", sentence: "", final: false, ended: false });
  // What is only in this tab's memory is sent by this tab; what is kept, by the one that leads.
  if (leading || photo.file) photo.stop = send({ ...photo, read: reader(photo) }, (told) => hearOwn(photo, told));
  changed();
}

function reader(photo: Local): (offset: number) => Promise<ArrayBuffer | undefined> {
  const file = photo.file;
  if (!file) return (offset) => kept.piece(photo.id, offset);
  return (offset) => file.slice(offset, offset + MANY).arrayBuffer().catch(() => undefined);
}

function hearOwn(photo: Local, told: Told): void {
  if (told.kind === "begun" && !photo.file) void kept.change(photo.id, { url: told.url }).catch(() => undefined);
  hear(photo, told);
  tellState(photo);
}

function tellState({ id, stage, share, sentence, final, ended, url }: Local): void {
  tellTabs({ about: "state", id, state: { stage, share, sentence, final, ended, url } });
}

function hearTab(news: News): void {
  const photo = local.get(news.id);
  if (news.about === "new") void recall();
  if (!photo) return;
  if (news.about === "state" && news.state.stage === "arrived") return finish(photo);
  if (news.about === "state") Object.assign(photo, news.state);
  if (news.about === "again" && leading) start(photo);
  if (news.about === "how is it?" && leading) tellState(photo);
  if (news.about === "dropped") forsake(photo);
  changed();
}

function forsake(photo: Local): void {
  photo.stop(true);
  local.delete(photo.id);
}

function hear(photo: Local, told: Told): void {
  if (told.kind === "arrived") return finish(photo);
  if (told.kind === "begun") photo.url = told.url;
  else if (told.kind === "progress") Object.assign(photo, { stage: "going", share: told.share, sentence: "" });
  else Object.assign(photo, { stage: told.kind === "waits" ? "waiting" : "failed", sentence: words(told) });
  photo.final = told.kind === "never";
  photo.ended = told.kind === "ended";
  changed();
}

function finish(photo: Local): void {
  photo.stop(false);
  Object.assign(photo, { stage: "arrived", sentence: "", share: 1, file: null });
  void kept.forget(photo.id).catch(() => undefined);
  changed();
  arrived();
}
