/** Histories that work without a network, in one file. */

export { default as HistoriesScreen } from "./HistoriesScreen.svelte";
export { default as HistoryScreen } from "./HistoryScreen.svelte";
