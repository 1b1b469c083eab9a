/** A QR code, as the address of a picture. */

import { renderSVG } from "uqr";

export function qrOf(text: string): string {
  return `data:image/svg+xml,${encodeURIComponent(renderSVG(text, { border: 4 }))}`;
}
