/** The phone's camera as a stream. Where it cannot be had, it says why, and the file input takes over. */

export type Trouble = "denied" | "missing" | "busy" | "unsupported";

/** The camera cannot be had. */
export class NoCamera extends Error {
  override readonly name = "NoCamera";

  constructor(readonly trouble: Trouble) {
    super(trouble);
  }
}

// TypeScript's DOM knows neither the parts of a track that are about light and focus, nor ImageCapture.
interface CameraCapabilities extends MediaTrackCapabilities {
  torch?: boolean;
  focusMode?: string[];
  pointsOfInterest?: unknown;
}

interface CameraConstraints extends MediaTrackConstraintSet {
  torch?: boolean;
  focusMode?: string;
  pointsOfInterest?: { x: number; y: number }[];
}

declare const ImageCapture: { new (track: MediaStreamTrack): { takePhoto(): Promise<Blob> } } | undefined;

const BEST: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 4096 }, height: { ideal: 3072 } },
};
const FRAME_QUALITY = 0.92;

export class Live {
  private constructor(
    readonly stream: MediaStream,
    private readonly track: MediaStreamTrack,
  ) {}

  /** Raises NoCamera. */
  static async open(): Promise<Live> {
    // Also missing on a page that is not served securely.
    if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera("unsupported");
    try {
      const stream = await navigator.mediaDevices.getUserMedia(BEST);
      const [track] = stream.getVideoTracks();
      if (track) return new Live(stream, track);
    } catch (error) {
      throw new NoCamera(troubleOf(error));
    }
    throw new NoCamera("missing");
  }

  close(): void {
    for (const track of this.stream.getTracks()) track.stop();
  }

  /** Call `act` when the camera is taken away: by a call, another app, or the person, who may allow it no more. */
  onLost(act: (why: Trouble) => void): void {
    const lost = async (): Promise<void> => act((await isDenied()) ? "denied" : "busy");
    this.track.addEventListener("ended", () => void lost(), { once: true });
  }

  get hasTorch(): boolean {
    return this.capabilities.torch === true;
  }

  /** Returns whether it burns now. */
  async torch(on: boolean): Promise<boolean> {
    return (await this.apply({ torch: on })) ? on : !on;
  }

  /** Focus on a point, given as parts of the picture's width and height; does nothing where the phone decides. */
  async focus(x: number, y: number): Promise<void> {
    const { focusMode = [], pointsOfInterest } = this.capabilities;
    if (pointsOfInterest === undefined || !focusMode.includes("single-shot")) return;
    await this.apply({ focusMode: "single-shot", pointsOfInterest: [{ x, y }] });
  }

  /** A photo in the sensor's own resolution where the browser takes one, else what the video shows. */
  async take(video: HTMLVideoElement): Promise<Blob> {
    if (typeof ImageCapture === "function") {
      try {
        return await new ImageCapture(this.track).takePhoto();
      } catch {
        // Some phones promise it and cannot: the frame is there all the same.
      }
    }
    return frameOf(video);
  }

  private get capabilities(): CameraCapabilities {
    return this.track.getCapabilities?.() ?? {};
  }

  private async apply(wish: CameraConstraints): Promise<boolean> {
    try {
      await this.track.applyConstraints({ advanced: [wish] });
      return true;
    } catch {
      return false;
    }
  }
}

/** Whether the browser may not use the camera any more; where it does not say, it may. */
async function isDenied(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: "camera" })).state === "denied";
  } catch {
    return false;
  }
}

export function troubleOf(error: unknown): Trouble {
  switch (error instanceof Error ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "unsupported";
  }
}

function frameOf(video: HTMLVideoElement): Promise<Blob> {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return new Promise((resolve, reject) => {
    const made = (blob: Blob | null): void => (blob ? resolve(blob) : reject(new Error("the frame is empty")));
    canvas.toBlob(made, "image/jpeg", FRAME_QUALITY);
  });
}
