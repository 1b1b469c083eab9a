/** Develops photos beside the page: one of twelve megapixels takes a second or two. */

import { developed } from "./develop";
import type { Asked, Developed } from "./developing";

addEventListener("message", ({ data: { bitmap, wanted } }: MessageEvent<Asked>) => {
  void (async () => {
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    if (!pen) throw new Error("this browser cannot draw");
    pen.drawImage(bitmap, 0, 0);
    bitmap.close();
    const { width, height, data } = developed(pen.getImageData(0, 0, canvas.width, canvas.height), wanted);
    pen.putImageData(new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height), 0, 0);
    postMessage({ file: await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 }) } satisfies Developed);
  })();
});
