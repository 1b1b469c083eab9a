/** What `make dev-web` fetches from the running service instead of from the source. */

const SERVICE = process.env["AUTODETECTIVE_SERVICE"] ?? "";
const PATHS = ["/api", "/signed", "/dev"];

export function ofTheService(): Record<string, { target: string; changeOrigin: boolean }> {
  if (!SERVICE) return {};
  return Object.fromEntries(PATHS.map((path) => [path, { target: SERVICE, changeOrigin: true }]));
}
