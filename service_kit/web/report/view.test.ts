import { describe, expect, test } from "vitest";
import { FRAME, placed, viewOf, WHOLE } from "./view";

const PHOTOS = [[4000, 3000], [3000, 4000], [4000, 500], [500, 4000], [32, 32]] as const;
const PLACES = [
  { x: 0, y: 0, width: 0.01, height: 0.01 },
  { x: 0.55, y: 0.4, width: 0.32, height: 0.14 },
  { x: 0.9, y: 0.95, width: 0.1, height: 0.05 },
  { x: 0.1, y: 0, width: 0.05, height: 1 },
  { x: 0, y: 0.3, width: 1, height: 0.2 },
  { x: 0, y: 0, width: 1, height: 1 },
];
const NEARLY = 1e-9;

describe.each(PHOTOS)("of a photo of %i by %i", (width, height) => {
  test.each(PLACES)("the view lies on the photo and holds the place %o", (place) => {
    const view = viewOf(place, width, height);
    expect(view.x).toBeGreaterThanOrEqual(0);
    expect(view.y).toBeGreaterThanOrEqual(0);
    expect(view.x + view.width).toBeLessThanOrEqual(1 + NEARLY);
    expect(view.y + view.height).toBeLessThanOrEqual(1 + NEARLY);
    const seen = placed(place, view);
    for (const [start, length] of [[seen.x, seen.width], [seen.y, seen.height]] as const) {
      expect(start).toBeGreaterThanOrEqual(-NEARLY);
      expect(start + length).toBeLessThanOrEqual(1 + NEARLY);
    }
    if (view !== WHOLE) expect((view.width * width) / (view.height * height)).toBeCloseTo(FRAME);
  });
});

test("a small place is shown large, with what surrounds it", () => {
  const place = { x: 0.5, y: 0.5, width: 0.02, height: 0.02 };
  const view = viewOf(place, 4000, 3000);
  expect(view.width).toBeLessThan(0.5);
  expect(placed(place, view).width).toBeLessThan(0.55);
});

test("without a place, or of a photo that is nothing, the whole is shown", () => {
  expect(viewOf(null, 4000, 3000)).toBe(WHOLE);
  expect(viewOf(PLACES[1], 0, 0)).toBe(WHOLE);
});
