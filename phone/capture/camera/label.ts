// While the camera looks at the label, its codes are read; what they say is shown over the picture, and said once.
import { LABEL } from "../label/seat.ts";

interface Seen {
  readonly shot: string;
  readonly view: HTMLElement;
  readonly video: HTMLVideoElement;
  readonly signal: AbortSignal;
}

/** The reader comes only now, when the camera's first frame is on the screen. */
export async function readLabel({ shot, view, video, signal }: Seen): Promise<void> {
  if (shot !== LABEL) return;
  const { lookThrough } = await import("../label/look.ts");
  await lookThrough(video, signal, view.querySelector<HTMLElement>(".read")!);
}
