/** What goes over the wire and has one name in both apps, in the order in which it is offered. */

import severities from "$messages/kit/severities";
import shots from "$messages/kit/shots";
import verdicts from "$messages/kit/verdicts";

export type Shot = keyof ReturnType<typeof shots>;
export type Verdict = keyof ReturnType<typeof verdicts>;
export type Severity = keyof ReturnType<typeof severities>;

export const SHOTS = inOrder<Shot>()([
  "vin_stamped",
  "vin_plate",
  "door_sticker",
  "windshield_vin",
  "engine_number",
  "glass_marks",
  "seat_belt_tag",
  "odometer",
  "front",
  "rear",
  "documents",
  "other",
]);
export const VERDICTS = inOrder<Verdict>()(["clean", "doubts", "forgery_signs", "insufficient_data"]);
export const SEVERITIES = inOrder<Severity>()(["contradiction", "anomaly", "unusual", "confirmed"]);

/** The list, if it has each of them: the order is ours, whatever a translator's tool does to the catalogues. */
function inOrder<Word extends string>() {
  return <const List extends readonly Word[]>(list: List & (Word extends List[number] ? unknown : never)): readonly Word[] => list;
}
