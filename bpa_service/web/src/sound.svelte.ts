/** The sounds of this desk. One for news that come while it is not in front has to be turned on here first. */

const KEPT_AS = "sound-of-news";
/** What is told twice, by the shift and by the news, sounds once. */
const APART = 3_000;

let audio: AudioContext | undefined;
let last = -Infinity;

class Sound {
  isOn = $state(localStorage.getItem(KEPT_AS) !== null);

  /** By a tap, which is also what lets the page sound at all: it is heard at once. */
  turn(on: boolean): void {
    this.isOn = on;
    if (on) localStorage.setItem(KEPT_AS, "1");
    else localStorage.removeItem(KEPT_AS);
    if (on) tone();
  }
}

export const sound = new Sound();

/** News came while this desk was not in front. */
export function came(): void {
  if (sound.isOn) tone();
}

export function tone(): void {
  if (performance.now() - last < APART) return;
  last = performance.now();
  audio ??= new AudioContext();
  // After a reload nobody has touched the page yet, and it may only sound once somebody has.
  void audio.resume();
  const [wave, volume] = [audio.createOscillator(), audio.createGain()];
  wave.frequency.value = 880;
  volume.gain.setValueAtTime(0.15, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.4);
  wave.connect(volume).connect(audio.destination);
  wave.start();
  wave.stop(audio.currentTime + 0.4);
}
