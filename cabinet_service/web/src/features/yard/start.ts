/** Opens the page of a link to a car: no account, one car. */

import { mount } from "svelte";
import { drafts } from "../../drafts/drafts.svelte";
import { queue } from "../../uploads/queue.svelte";
import Round from "../../uploads/round";
import { forgetEnded } from "./kept";
import { link, tokenIn } from "./link.svelte";
import YardApp from "./YardApp.svelte";

export default function start(target: HTMLElement): void {
  // Another link in the same tab is another car, and nothing of this one.
  addEventListener("hashchange", () => location.reload());
  mount(YardApp, { target });
  void link
    .open(tokenIn(location.hash))
    .then(() => queue.start(Round)) // whoever opens a link is here to send
    .then(() => forgetEnded(link.owner))
    .catch(() => (drafts.broken = true));
}
