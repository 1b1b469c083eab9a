import { mount } from "svelte";
import App from "./App.svelte";
import { session } from "./api/session.svelte";
import { drafts } from "./drafts/drafts.svelte";
import { locale } from "./i18n/language.svelte";
import { updates } from "./updates.svelte";
import { queue } from "./uploads/queue.svelte";
import "./ui/styles.css";

locale.restore();
mount(App, { target: document.getElementById("app") ?? document.body });

// The screen does not wait for any of these.
void drafts.read().catch(() => (drafts.broken = true));
void session.look().then(() => queue.start());
updates.watch();
