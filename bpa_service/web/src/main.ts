import { locale } from "$kit/i18n/language.svelte";
import { follow } from "$kit/notifying/follow";
import { mount } from "svelte";
import App from "./App.svelte";
import { session } from "./api/session.svelte";
import "./ui/styles.css";

locale.restore();
mount(App, { target: document.getElementById("app") ?? document.body });
void session.look();
if ("serviceWorker" in navigator && !import.meta.env.DEV) {
  follow();
  // Without it nothing is pushed here; everything else works.
  void navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}
