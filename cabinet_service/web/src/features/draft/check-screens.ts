/** The screens of a new check, in one file: whoever begins one has all of them. */

export { default as Start } from "./Start.svelte";
export { default as Resume } from "./Resume.svelte";
export { default as Where } from "./Where.svelte";
export { default as CameraScreen } from "../camera/CameraScreen.svelte";
export { default as PhotoReview } from "./PhotoReview.svelte";
export { default as Sort } from "./Sort.svelte";
export { default as ConfirmNumber } from "./ConfirmNumber.svelte";
export { default as TypeNumber } from "./TypeNumber.svelte";
export { default as OnePhoto } from "./OnePhoto.svelte";
export { default as MorePhotos } from "./MorePhotos.svelte";
export { default as Worry } from "./Worry.svelte";
export { default as Advert } from "./Advert.svelte";
export { default as Check } from "./Check.svelte";
