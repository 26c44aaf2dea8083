// An app that shows our page in its web view hears of it through what its kind of web view offers.
import type { Told } from "./events.ts";

interface Bridges {
  ReactNativeWebView?: { postMessage(text: string): void };
  webkit?: { messageHandlers?: { recoup?: { postMessage(message: unknown): void } } };
  RecoupAndroid?: Partial<Record<string, unknown>>;
}

export function toApp({ recoup, detail }: Told): void {
  const { ReactNativeWebView, webkit, RecoupAndroid } = window as unknown as Bridges;
  const message = { type: `recoup:${recoup}`, detail };
  ReactNativeWebView?.postMessage(JSON.stringify(message));
  webkit?.messageHandlers?.recoup?.postMessage(message);
  // A method of a Java object can only be called on it.
  if (RecoupAndroid && recoup in RecoupAndroid) (RecoupAndroid as Record<string, (text: string) => void>)[recoup]!(JSON.stringify(detail));
}
