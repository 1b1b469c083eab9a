/** What there is to see and to do about an inspection beyond its own screen, in one file. */

export { default as PhotosScreen } from "./PhotosScreen.svelte";
export { default as MessagesScreen } from "./MessagesScreen.svelte";
export { default as MoreScreen } from "./MoreScreen.svelte";
export { default as DisputeScreen } from "../dispute/DisputeScreen.svelte";
export { default as ChangesScreen } from "../dispute/ChangesScreen.svelte";
export { default as OutcomeScreen } from "../afterwards/OutcomeScreen.svelte";
export { default as FindingScreen } from "./FindingScreen.svelte";
export { default as Clarification } from "../clarification/Clarification.svelte";
export { default as Cannot } from "../clarification/Cannot.svelte";
export { default as ReportScreen } from "../report/ReportScreen.svelte";
