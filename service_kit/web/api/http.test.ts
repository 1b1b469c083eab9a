import { beforeEach, describe, expect, it, vi } from "vitest";

vi.stubGlobal("navigator", { language: "en" });
vi.stubGlobal("document", { documentElement: {} });
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal(
  "Request",
  class extends Request {
    constructor(address: string | Request, init?: RequestInit) {
      super(typeof address === "string" ? new URL(address, "https://example.com") : address, init);
    }
  },
);

const { send, sendForJson, sendOrRaise, speakFor } = await import("./http");
const { Intercepted, Offline, Problem, passes } = await import("./problem");
const { unwrap } = await import("./unwrap");

const PAGE = "<html><body>Welcome to our Wi-Fi</body></html>";
const HTML = { "Content-Type": "text/html" };
const EXPIRED = { code: "not_signed_in", detail: "" };

let signedOut: number;
/** What the server answers, by the path. */
let answers: Record<string, () => Response>;

beforeEach(() => {
  signedOut = 0;
  speakFor({ isSignedIn: true, account: "anna", signedOut: () => void signedOut++ });
  vi.stubGlobal("fetch", async (request: Request) => answers[new URL(request.url).pathname]?.());
});

function problem(status: number, code = "some_code"): () => Response {
  return () => new Response(JSON.stringify({ code, detail: "words" }), { status, headers: { "Content-Type": "application/problem+json" } });
}

async function failure(): Promise<unknown> {
  return send(new Request("/api/v1/me")).then(
    (answer) => answer.status,
    (error: unknown) => error,
  );
}

describe("a session", () => {
  const expired = (): Response => Response.json(EXPIRED, { status: 401 });

  it.each([401])("is over where the refresh is answered by our own %i", async (status) => {
    answers = { "/api/v1/me": expired, "/api/v1/auth/tokens": problem(status, "session_ended") };
    expect(await failure()).toBe(401);
    expect(signedOut).toBe(1);
  });

  it.each([
    ["a 503", problem(503)],
    ["a 500", problem(500)],
    ["a 429", problem(429)],
    ["a page of a proxy", () => new Response(PAGE, { status: 401, headers: HTML })],
    ["the page of a hotspot", () => new Response(PAGE, { headers: HTML })],
    [
      "nothing",
      () => {
        throw new TypeError("Failed to fetch");
      },
    ],
  ])("is not over where the refresh is answered by %s, and what was asked is for later", async (_, refresh) => {
    answers = { "/api/v1/me": expired, "/api/v1/auth/tokens": refresh };
    const error = await failure();
    expect(signedOut).toBe(0);
    expect(passes(error)).toBe(true);
  });
});

describe("whoever shows something in place of a session", () => {
  it("shows it with each request, and never has a session refreshed that is somebody else's", async () => {
    const asked: string[] = [];
    speakFor({ isSignedIn: true, account: "link:1", bearer: "yard_secret", signedOut: () => void signedOut++ });
    vi.stubGlobal("fetch", async (request: Request) => {
      asked.push(`${new URL(request.url).pathname} ${request.headers.get("Authorization")}`);
      return Response.json(EXPIRED, { status: 401 });
    });
    expect(await failure()).toBe(401);
    expect(asked).toEqual(["/api/v1/me Bearer yard_secret"]);
    expect(signedOut).toBe(0);
  });
});

describe("an answer that is not ours", () => {
  it.each([
    [200, PAGE, HTML],
    [403, PAGE, HTML],
    [404, "", {}],
    [200, "", {}],
    [413, PAGE, HTML],
    [502, "Bad gateway", { "Content-Type": "text/plain" }],
  ])("is a broken line, whatever it says (%i)", async (status, body, headers) => {
    answers = { "/api/v1/me": () => new Response(body, { status, headers: headers as HeadersInit }) };
    expect(await failure()).toBeInstanceOf(Intercepted);
  });

  it("is JSON of somebody else as well", async () => {
    answers = { "/api/v1/me": () => Response.json({ error: "blocked by policy" }, { status: 403 }) };
    await expect(sendOrRaise(new Request("/api/v1/me"))).rejects.toBeInstanceOf(Offline);
    const response = answers["/api/v1/me"]?.() ?? Response.error();
    await expect(unwrap(Promise.resolve({ error: { error: "x" }, response }))).rejects.toBeInstanceOf(Offline);
  });

  it("is an answer of ours of which the end is missing", async () => {
    answers = { "/api/v1/me": () => new Response('{"id": ', { headers: { "Content-Type": "application/json" } }) };
    await expect(sendForJson(new Request("/api/v1/me"))).rejects.toBeInstanceOf(Offline);
  });

  it("is no refusal of ours, no empty answer and no photo", async () => {
    answers = { "/api/v1/me": problem(404, "not_found") };
    await expect(sendOrRaise(new Request("/api/v1/me"))).rejects.toBeInstanceOf(Problem);
    answers = { "/api/v1/me": () => new Response(null, { status: 204 }) };
    expect(await failure()).toBe(204);
    answers = { "/api/v1/me": () => new Response("a photo", { headers: { "Content-Type": "image/jpeg" } }) };
    expect(await failure()).toBe(200);
  });
});
