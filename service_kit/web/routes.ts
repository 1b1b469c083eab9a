/** Which address is which screen. Every screen but the first is loaded when it is needed. */

import type { Component } from "svelte";
import { renewed } from "./renewal";

export type Params = Record<string, string>;
export type Screen = Component<Params>;

export interface Route {
  path: string;
  /** Whether one has to be signed in to see it. */
  mine?: true;
  load: () => Promise<{ default: Component<never> }>;
}

/** One of the screens that come in one file: each file more is a round trip more until an app works offline. */
export function one<Name extends string>(file: () => Promise<Record<Name, Component<never>>>, name: Name): Route["load"] {
  return async () => ({ default: (await file())[name] });
}

/** The screen for `path` and what its address says, or nothing for an address that is no screen. */
export function screenFor(
  routes: readonly Route[],
  path: string,
): { route: Route; params: Params } | undefined {
  for (const route of routes) {
    const params = match(route.path, path);
    if (params) return { route, params };
  }
  return undefined;
}

/** The screen itself. */
export async function loaded(route: Route): Promise<Screen> {
  return (await fetched(route.load)) as unknown as Screen;
}

/** A part of the app. After a deploy it may be gone: then the app is loaded anew, at the address where one is. */
export async function fetched<T>(load: () => Promise<{ default: T }>): Promise<T> {
  try {
    return (await load()).default;
  } catch (error) {
    await renewed();
    throw error;
  }
}

/** `/drafts/:id` against `/drafts/7`: `{id: "7"}`. */
export function match(pattern: string, path: string): Params | undefined {
  const [wanted, found] = [parts(pattern), parts(path)];
  if (wanted.length !== found.length) return undefined;
  const params: Params = {};
  for (const [place, part] of wanted.entries()) {
    const given = found[place] ?? "";
    if (!part.startsWith(":")) {
      if (part !== given) return undefined;
      continue;
    }
    try {
      params[part.slice(1)] = decodeURIComponent(given);
    } catch {
      return undefined;
    }
  }
  return params;
}

function parts(path: string): string[] {
  return path.split("/").filter(Boolean);
}
