import { read } from "./bytes";

/** The SHA-256 of a file, in hex. Raises Unreadable. */
export async function sha256(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await read(() => file.arrayBuffer())));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
