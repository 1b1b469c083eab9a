/** The keys by which one goes from photo to photo. */

import t from "$messages/case/CaseScreen";
import type { KeyMap } from "../../keys.svelte";
import type { CaseWork } from "./work.svelte";

const MOST = 9;

export function keysOfPhotos(work: CaseWork): KeyMap {
  const shifted = Array.from({ length: MOST }, (_, place) => [`Shift+${place + 1}`, { act: () => work.show(work.photos[place]) }]);
  return {
    ...Object.fromEntries(shifted),
    "Shift+1": { does: () => `${t().photo({ number: 1 })} … ${MOST}`, kind: "photo", act: () => work.show(work.photos[0]) },
    a: { does: () => t().photoBefore, kind: "photo", act: () => work.show(work.beside(-1)) },
    d: { does: () => t().photoAfter, kind: "photo", act: () => work.show(work.beside(1)) },
  };
}
