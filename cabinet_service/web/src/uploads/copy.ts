/** The small copy of a photo that goes ahead, so that experts see it while the original still travels. */

const EDGE = 1600;
const QUALITIES = [0.8, 0.65, 0.5];
// About 150 KB is what most photos come to at the first quality.
const ENOUGH_BYTES = 250 * 1024;
// The server takes no more.
const MOST_BYTES = 1024 * 1024;

/**
 * An upright JPEG with nothing but pixels in it, or nothing where it would be of no use: this phone cannot open
 * the photo (HEIC on Android), cannot draw it, or the photo is about as small itself.
 */
export async function smallCopy(original: Blob): Promise<Blob | undefined> {
  if (original.size <= ENOUGH_BYTES) return undefined;
  let picture: ImageBitmap | HTMLImageElement;
  try {
    picture = await decoded(original);
  } catch {
    return undefined;
  }
  const canvas = document.createElement("canvas");
  try {
    const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const drawing = canvas.getContext("2d");
    if (!drawing) return undefined;
    drawing.imageSmoothingQuality = "high";
    drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const copy = await smallEnough(canvas);
    return copy && copy.size <= MOST_BYTES && copy.size < original.size ? copy : undefined;
  } finally {
    if ("close" in picture) picture.close();
    canvas.width = canvas.height = 0; // gives the memory back at once on iOS
  }
}

async function smallEnough(canvas: HTMLCanvasElement): Promise<Blob | undefined> {
  let copy: Blob | undefined;
  for (const quality of QUALITIES) {
    copy = await encoded(canvas, quality);
    if (!copy || copy.size <= ENOUGH_BYTES) break;
  }
  return copy;
}

async function decoded(file: Blob): Promise<ImageBitmap | HTMLImageElement> {
  if (typeof createImageBitmap === "function") return createImageBitmap(file, { imageOrientation: "from-image" });
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** What the canvas shows as a JPEG; an engine that knows no JPEG would make a PNG of it. */
function encoded(canvas: HTMLCanvasElement, quality: number): Promise<Blob | undefined> {
  return new Promise((done) => {
    canvas.toBlob((blob) => done(blob?.type === "image/jpeg" ? blob : undefined), "image/jpeg", quality);
  });
}
