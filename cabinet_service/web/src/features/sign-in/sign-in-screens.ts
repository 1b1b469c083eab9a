/** The screens of signing in, in one file. */

export { default as Contact } from "./Contact.svelte";
export { default as Code } from "./Code.svelte";
export { default as Consent } from "./Consent.svelte";
export { default as Link } from "./Link.svelte";
