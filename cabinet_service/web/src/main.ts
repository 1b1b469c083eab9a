import { mount } from "svelte";
import App from "./App.svelte";
import { NOBODY } from "./api/remembered";
import { session } from "./api/session.svelte";
import { drafts } from "./drafts/drafts.svelte";
import { locale } from "$kit/i18n/language.svelte";
import { shareFor } from "./sharing/shared";
import { updates } from "./updates.svelte";
import { queue } from "./uploads/queue.svelte";
import "./ui/styles.css";

locale.restore();
const target = document.getElementById("app") ?? document.body;
target.replaceChildren(); // Home, as it stands in the page (build/first-screen.ts)
document.documentElement.classList.remove("waiting");
mount(App, { target });

// The screen does not wait for any of these.
session.onChange(() => {
  const whose = session.me?.account.id ?? NOBODY;
  void shareFor(whose).catch(() => undefined);
  void drafts.use(whose).then(() => queue.hurry()).catch(() => (drafts.broken = true));
});
void drafts.read().catch(() => (drafts.broken = true));
void session.look().then(() => queue.start());
updates.watch();
