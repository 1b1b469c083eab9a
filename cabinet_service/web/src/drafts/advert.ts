/** What the advert says of the car: as it is typed, and as the server takes it. All of it is optional. */

import type { Schemas } from "../api/client";

/** As typed. */
export interface Advert {
  make?: string;
  model?: string;
  year?: string;
  mileage?: string;
  link?: string;
}

export type AdvertField = keyof Advert;

type Claim = Required<Pick<Schemas["ClaimIn"], "make" | "model" | "year" | "mileage_km" | "advert_url">>;

// As the contract has them.
export const LONGEST: Record<AdvertField, number> = { make: 200, model: 200, year: 10, mileage: 20, link: 4000 };
const LONGEST_LINK = 2083;
const [FIRST_YEAR, LAST_YEAR] = [1886, 2100];
const MOST_KM = 5_000_000;

/** What is typed that the server would not take. */
export function wrongIn(advert: Advert): AdvertField[] {
  const { year, mileage_km, advert_url } = claimOf(advert);
  const read = { year, mileage: mileage_km, link: advert_url };
  return (["year", "mileage", "link"] as const).filter((field) => advert[field]?.trim() && read[field] === null);
}

/** Null for what is empty or cannot be read: it is taken away. */
export function claimOf(advert: Advert): Claim {
  return {
    make: advert.make?.trim() || null,
    model: advert.model?.trim() || null,
    year: within(advert.year, FIRST_YEAR, LAST_YEAR),
    mileage_km: within(advert.mileage?.replace(/\s*(км|km)\.?\s*$/i, ""), 0, MOST_KM),
    advert_url: linkIn(advert.link),
  };
}

/** `120 000` and `120.000` are whole numbers as people write them; `120,5` is none. */
function within(text = "", least: number, most: number): number | null {
  const plain = text.trim();
  if (!/^\d+$|^\d{1,3}([\s.,'’]\d{3})+$/.test(plain)) return null;
  const value = Number(plain.replace(/\D/g, ""));
  return value >= least && value <= most ? value : null;
}

/** The apps of advert sites share a link with words around it; people copy it without its beginning. */
function linkIn(text = ""): string | null {
  const whole = /https?:\/\/\S+/i.exec(text)?.[0] ?? `https://${text.trim()}`;
  if (whole.length > LONGEST_LINK || /\s/.test(whole) || !URL.canParse(whole)) return null;
  return new URL(whole).hostname.includes(".") ? whole : null;
}
