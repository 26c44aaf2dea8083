// A customer's page without a line (docs/decisions/0013-what-is-kept-for-a-page-without-a-line.md): the build's own
// files from the phone first; the page of a link from the house, else as it was last seen. Nothing else is kept: no
// photo, no answer about a return. How long a page may be kept is the house's word, in the header of each answer.

/** Written before this script by the house: what a page needs, which build this is, and the page for when there is none. */
interface House {
  files: string[];
  build: string;
  away: string;
}

interface Waits extends Event {
  waitUntil: (work: Promise<unknown>) => void;
}

interface Fetched extends Waits {
  request: Request;
  respondWith: (answer: Promise<Response>) => void;
}

// The page's own types claim `self` to be a window; here it is the worker.
const worker = self as unknown as {
  house: House;
  registration: ServiceWorkerRegistration;
  clients: { claim: () => Promise<void>; matchAll: (all: { includeUncontrolled: boolean }) => Promise<{ url: string }[]> };
  skipWaiting: () => Promise<void>;
  addEventListener: <Kind extends Waits>(name: string, hear: (event: Kind) => void) => void;
};

const { files, build, away } = worker.house;
const PREFIX = "recoup ";
const MINE = PREFIX + build;
const PATIENCE = 4000;
/** Longer than the house lets any page be kept: what claims more was kept by a clock that has been put back since. */
const LONGEST = 31 * 24 * 3600 * 1000;
const UNTIL = "Recoup-Until";

worker.addEventListener("install", (event: Waits) => {
  event.waitUntil(
    caches.open(MINE).then((mine) => mine.addAll([...files, away])).then(() => worker.skipWaiting()),
  );
});

worker.addEventListener("activate", (event: Waits) => event.waitUntil(begin()));

worker.addEventListener("fetch", (event: Fetched) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(request, event));
  else if (pathname.endsWith("/photos")) event.respondWith(asked(request));
});

/** The build before this one stays: a page of it may still be open. Open pages are kept from now on, without a reload. */
async function begin(): Promise<void> {
  const older = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== MINE);
  for (const name of older.slice(0, -1)) await caches.delete(name);
  await worker.clients.claim();
  const open = await worker.clients.matchAll({ includeUncontrolled: true });
  for (const { url } of open) await fetch(url).then((answer) => note(url, answer)).catch(() => undefined);
}

/** Files are named after their content, so one that is here is right; those with a fixed name are this build's. */
async function file(request: Request): Promise<Response> {
  const mine = await caches.open(MINE);
  const here = (await mine.match(request)) ?? (await caches.match(request));
  if (here) return here;
  const answer = await fetch(request);
  if (answer.ok && new URL(request.url).pathname.startsWith("/static/assets/")) await mine.put(request, answer.clone());
  return answer;
}

/** From the house; as it was last seen when the house is in trouble, or says nothing for a while. */
async function page(request: Request, event: Waits): Promise<Response> {
  const kept = await seen(linkOf(request.url), new URL(request.url).pathname);
  const asking = fetch(request).then((answer) => {
    event.waitUntil(note(request.url, answer.clone()));
    return answer;
  });
  event.waitUntil(asking.catch(() => undefined));
  const patience = new Promise<undefined>((resolve) => kept && setTimeout(resolve, PATIENCE));
  const answer = await Promise.race([asking.catch(() => undefined), patience]);
  if (answer && (answer.status < 500 || !kept)) return answer;
  return kept ?? (await caches.match(away)) ?? Response.error();
}

/** The page asks about its photos; a link that is over is heard there first. */
async function asked(request: Request): Promise<Response> {
  const answer = await fetch(request);
  if ([404, 410].includes(answer.status)) await forget(linkOf(request.url));
  return answer;
}

/** Keep what may be kept; a link's answer that may not be is the end of what was kept of that link. */
async function note(url: string, answer: Response): Promise<void> {
  await sweep();
  if (answer.status >= 500 || [408, 429].includes(answer.status)) return;
  const seconds = Number(answer.headers.get("Recoup-Keep"));
  if (!answer.ok || !seconds) return forget(linkOf(url));
  // A page of another build needs files of that build; its own worker keeps it.
  if (answer.headers.get("Recoup-Build") !== build) return;
  const headers = new Headers(answer.headers);
  headers.set(UNTIL, String(Date.now() + seconds * 1000));
  const copy = new Response(await answer.blob(), { headers });
  await forget(linkOf(url));
  await (await caches.open(MINE)).put(linkOf(url), copy);
}

async function seen(link: string, path: string): Promise<Response | undefined> {
  await sweep();
  return path === link ? caches.match(link) : undefined;
}

async function forget(link: string): Promise<void> {
  for (const name of await caches.keys()) await (await caches.open(name)).delete(link);
}

/** Kept pages end by themselves, of whichever link. */
async function sweep(): Promise<void> {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const until = (await cache.match(request))?.headers.get(UNTIL);
      const left = Number(until) - Date.now();
      if (until && (left < 0 || left > LONGEST)) await cache.delete(request);
    }
  }
}

/** The path of the link's page, on which all its others hang: /c/SECRET/status → /c/SECRET/. */
function linkOf(url: string): string {
  const scope = new URL(worker.registration.scope).pathname;
  return `${scope}${new URL(url).pathname.slice(scope.length).split("/")[0]}/`;
}
