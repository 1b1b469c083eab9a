import { describe, expect, it } from "vitest";
import { followed } from "./synced";

describe("a view that follows another", () => {
  it("comes as many times closer", () => {
    const next = followed({ x: 0.5, y: 0.5, zoom: 2 }, { x: 0, y: 0, zoom: 1 }, { x: 0, y: 0, zoom: 3 });
    expect(next).toEqual({ x: 0.5, y: 0.5, zoom: 6 });
  });

  it("goes as far across the screen, which is less of its photo the closer it is", () => {
    const next = followed({ x: 0.5, y: 0.5, zoom: 4 }, { x: 0.2, y: 0.2, zoom: 1 }, { x: 0.4, y: 0.1, zoom: 1 });
    expect(next.x).toBeCloseTo(0.55);
    expect(next.y).toBeCloseTo(0.475);
  });

  it("comes back to where it was", () => {
    const [start, away] = [{ x: 0.1, y: 0.9, zoom: 1.5 }, { x: 0.4, y: 0.3, zoom: 1.5 }];
    const view = { x: 0.7, y: 0.2, zoom: 0.8 };
    const back = followed(followed(view, start, away), away, start);
    expect(back.x).toBeCloseTo(view.x);
    expect(back.y).toBeCloseTo(view.y);
    expect(back.zoom).toBeCloseTo(view.zoom);
  });
});
