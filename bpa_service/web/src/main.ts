import { locale } from "$kit/i18n/language.svelte";
import { mount } from "svelte";
import App from "./App.svelte";
import { session } from "./api/session.svelte";
import "./ui/styles.css";

locale.restore();
mount(App, { target: document.getElementById("app") ?? document.body });
void session.look();
