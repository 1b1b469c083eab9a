/** What can be done from beside the photo, in the groups of its bar. */

import t from "$messages/case/CaseScreen";
import { whyNot } from "../../ui/cut.svelte";
import type { Tool } from "./Toolbar.svelte";

interface Doing {
  /** Acts that the case allows now. */
  acts: readonly string[];
  /** Whether the photo is alone; whether a question to the client, or to another expert, waits to be sent. */
  alone: boolean;
  asks: boolean;
  seeks: boolean;
  compare: () => void;
  mark: () => void;
  go: (to: "ask" | "opinion") => void;
  turn: () => void;
}

export function toolsOfPhoto({ acts, alone, asks, seeks, compare, mark, go, turn }: Doing): Tool[][] {
  const of = (act: string, tool: Tool): Tool[] => (acts.includes(act) ? [{ ...tool, whyNot: whyNot() }] : []);
  return [
    [{ icon: "blend", key: "c", title: t().compare, act: compare }],
    [
      ...of("record_finding", { icon: "flag", key: "f", title: t().mark, act: mark }),
      ...of("ask", { icon: "message-circle-question-mark", key: "q", title: begun(t().ask, asks), act: () => go("ask") }),
      ...of("ask_second_opinion", { icon: "users", key: "s", title: begun(t().opinion, seeks), act: () => go("opinion") }),
    ],
    [{ icon: "maximize", key: "h", title: t().alone, on: alone, act: turn }],
  ];
}

function begun(title: string, waits: boolean): string {
  return waits ? `${title}: ${t().begun}` : title;
}
