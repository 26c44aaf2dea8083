// The receiving station: the scan field always has the focus, and every scan is heard.

const field = document.querySelector<HTMLInputElement>("[data-station] [name=code]");
field?.focus();

function beep(good: boolean): void {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  tone.frequency.value = good ? 880 : 220;
  tone.connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + (good ? 0.12 : 0.4));
  tone.onended = () => void audio.close();
}

const last = document.querySelector<HTMLElement>("[data-last-scan]");
// A browser may refuse sound before the first key press of a visit; the words and the colour say the same.
if (last && navigator.userActivation?.hasBeenActive) beep(last.dataset["lastScan"] === "settled");
