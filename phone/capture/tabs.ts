// One tab sends and the others watch: a lock says who, a channel tells the others how it goes.
// A phone may put the sending tab to sleep with the lock in its hand; whoever is looked at then takes it.

interface Duty {
  /** This tab sends from now on. */
  begin: () => void;
  /** Another tab has taken over. */
  end: () => void;
  /** What another tab says. */
  hear: (message: unknown) => void;
}

const ASLEEP = 5000;
const THERE = "is anybody there?";
const HERE = "here";

/** Join the tabs of this name; gives what tells the others something. */
export function join(name: string, duty: Duty): (message: unknown) => void {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
  // Without locks every tab sends its own; the server lets only one write to a photo at a time.
  if (!navigator.locks || !channel) {
    duty.begin();
    return () => undefined;
  }
  const lead = leading(name, duty);
  let heard = 0;
  channel.onmessage = ({ data }) => {
    heard = performance.now();
    if (data === THERE && lead.mine()) channel.postMessage(HERE);
    if (data !== THERE && data !== HERE) duty.hear(data);
  };
  const look = (): void => {
    if (document.hidden || lead.mine()) return;
    const asked = performance.now();
    channel.postMessage(THERE);
    window.setTimeout(() => (heard < asked && !document.hidden ? lead.take() : undefined), ASLEEP);
  };
  document.addEventListener("visibilitychange", look);
  look();
  return (message) => channel.postMessage(message);
}

function leading(name: string, duty: Duty): { mine: () => boolean; take: () => void } {
  let mine = false;
  let queued = new AbortController();
  const hold = (): Promise<void> => {
    mine = true;
    duty.begin();
    return new Promise(() => undefined);
  };
  // A stolen lock ends with an AbortError. Whatever else goes wrong with locks (some browsers forbid them together with
  // the store), this tab sends its own.
  const lost = (error: DOMException): void => {
    if (error.name !== "AbortError") return void hold();
    if (mine) duty.end();
    mine = false;
    wait();
  };
  const wait = (): void => {
    const signal = (queued = new AbortController()).signal;
    navigator.locks.request(name, { signal }, hold).catch((error) => (signal.aborted ? undefined : lost(error)));
  };
  wait();
  return {
    mine: () => mine,
    take: () => {
      if (mine) return;
      queued.abort();
      navigator.locks.request(name, { steal: true }, hold).catch(lost);
    },
  };
}
