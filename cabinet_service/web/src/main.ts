import { mount } from "svelte";
import { fetched } from "$kit/routes";
import App from "./App.svelte";
import { NOBODY } from "./api/remembered";
import { session } from "./api/session.svelte";
import { drafts } from "./drafts/drafts.svelte";
import { locale } from "$kit/i18n/language.svelte";
import { shareFor } from "./sharing/shared";
import { updates } from "./updates.svelte";
import { queue } from "./uploads/queue.svelte";
import "./ui/styles.css";

// Whoever has a link to a car is nobody's account, whoever is signed in on this phone: it is an app of its own.
const isByLink = location.pathname === "/yard";

locale.restore();
const target = document.getElementById("app") ?? document.body;
target.replaceChildren(); // Home, as it stands in the page (build/first-screen.ts)
document.documentElement.classList.remove("waiting");
if (isByLink) void fetched(() => import("./features/yard/start")).then((start) => start(target), openWithoutIt);
else openApp();
updates.watch();

/** The app says that a page of it is missing; it is there with the network. */
function openWithoutIt(): void {
  addEventListener("online", () => location.reload());
  openApp();
}

function openApp(): void {
  mount(App, { target });
  // The screen does not wait for any of these.
  session.onChange(() => {
    const whose = session.me?.account.id ?? NOBODY;
    void shareFor(whose).catch(() => undefined);
    void drafts.use(whose).then(() => queue.hurry()).catch(() => (drafts.broken = true));
  });
  void drafts.read().catch(() => (drafts.broken = true));
  void session.look().then(() => queue.start());
  if (localStorage.getItem("links")) void import("./features/yard/kept").then((it) => it.forgetEnded(), () => undefined);
}
