import { describe, expect, it } from "vitest";
import { toLuma, type Luma } from "./luma";
import { defocused, drawn, grainy, laid, letters, moved, rgbaOf, text } from "./patterns";
import { workingSize } from "./pixels";
import { sharpness } from "./sharpness";
import { judgePixels, type Verdict } from "./verdict";

const DEGREE = Math.PI / 180;
const PHONE = { width: 4032, height: 3024 };

function verdictOf(luma: Luma, original = PHONE, shot = "vin_stamped"): Verdict {
  return judgePixels({ rgba: rgbaOf(luma), width: luma.width, height: luma.height, original }, shot).quality;
}

describe("a sharp pattern is ok", () => {
  it.each([0, 7, 15, 22.5, 30, 45, 60, 80])("turned by %s degrees", (degrees) => {
    expect(verdictOf(letters({ turn: degrees * DEGREE }))).toBe("ok");
  });

  it.each([[30, 230], [60, 190], [100, 140], [20, 90], [170, 235]])("between %s and %s", (low, high) => {
    expect(verdictOf(letters({ low, high }))).toBe("ok");
  });

  it.each([10, 16, 24, 40])("with strokes of %s pixels", (stroke) => {
    expect(verdictOf(letters({ stroke }))).toBe("ok");
  });

  it.each([[1024, 768], [768, 1024], [1024, 300], [333, 777]])("in a picture of %s x %s", (width, height) => {
    expect(verdictOf(letters({ width, height }))).toBe("ok");
  });

  it("in a corner of a picture that is smooth elsewhere", () => {
    const sharp = letters();
    const mostlySky = drawn(640, 640, (x, y) => (x < 220 && y < 220 ? sharp.data[y * 640 + x]! : 150 + y / 16));
    expect(verdictOf(mostlySky)).toBe("ok");
  });
});

describe("a picture that shows nothing", () => {
  it.each([90, 128, 200])("is no fault of the camera: grey of %s", (grey) => {
    expect(verdictOf(drawn(640, 480, () => grey))).toBe("ok");
  });

  it.each([[1, 1], [40, 30], [31, 1000]])("and hardly a pixel of it, is judged all the same: %s x %s", (width, height) => {
    expect(verdictOf(drawn(width, height, () => 128))).toBe("ok");
  });
});

describe("blur", () => {
  it("is told from a shake by having no direction", () => {
    expect(verdictOf(defocused(letters(), 4))).toBe("blurred");
  });

  it.each([0, 20, 45, 70, 90, 110, 135, 160])("by a move at %s degrees is a shake", (degrees) => {
    expect(verdictOf(moved(letters(), 12, degrees * DEGREE))).toBe("shaken");
  });

  it("never makes a picture sharper", () => {
    const sharp = letters({ turn: 0.2 });
    // Beyond these nothing is left to lose.
    const radii = [0, 1, 2, 3, 4].map((radius) => sharpness(defocused(sharp, radius)).softest ?? 0);
    expect(radii).toEqual([...radii].sort((one, other) => other - one));
  });
});

describe("light", () => {
  it("that is missing is said before the blur that comes of it", () => {
    expect(verdictOf(letters({ low: 4, high: 30 }))).toBe("too_dark");
    expect(verdictOf(defocused(letters({ low: 4, high: 30 }), 4))).toBe("too_dark");
  });

  it("may be missing around a number that is lit", () => {
    const lit = letters();
    const atNight = drawn(640, 640, (x, y) => (x < 240 && y < 240 ? lit.data[y * 640 + x]! : 6));
    expect(verdictOf(atNight)).toBe("ok");
  });

  it("that washes out most of the picture is too much", () => {
    expect(verdictOf(grainy(letters({ low: 180, high: 255 })))).toBe("too_bright");
  });

  it.each([0.7, 0.9])("that fades out from a corner is too much: %s", (reach) => {
    const sharp = letters();
    const lit = drawn(640, 640, (x, y) => Math.min(255, sharp.data[y * 640 + x]! + 400 * Math.max(0, 1 - Math.hypot(x, y) / (1000 * reach))));
    expect(verdictOf(grainy(lit))).toBe("too_bright");
  });

  it("that falls on the middle is glare", () => {
    expect(verdictOf(grainy(withSpot(letters(), 320, 320, 90)))).toBe("glare");
  });

  it.each(["front", "rear"])("that shines on the paint of a whole car is none: %s", (shot) => {
    expect(verdictOf(grainy(withSpot(letters(), 320, 320, 90)), PHONE, shot)).toBe("ok");
  });

  describe("of a screen or a page that is white is not too much", () => {
    const photo = grainy(letters({ width: 400, height: 260, low: 90, high: 230, turn: 0.3 }), 6);
    const card = drawn(440, 200, () => 255);

    it.each([10, 90, 150])("with text of %s", (ink) => {
      expect(verdictOf(text({ ink }))).toBe("ok");
    });

    it("with text and little white around it", () => {
      expect(verdictOf(text({ width: 1000, height: 480, ink: 120 }))).toBe("ok");
    });

    it.each([232, 245])("with cards on a shade of %s", (shade) => {
      const page = [40, 280, 520, 760].reduce((below, top) => laid(below, card, 20, top), text({ paper: shade, ink: shade }));
      // Such a card is a bright spot with something around it, too: no glare.
      expect(verdictOf(laid(page, text({ width: 440, height: 180 }), 20, 50))).toBe("ok");
    });

    it("with a photo in it", () => {
      expect(verdictOf(laid(text(), photo, 40, 60))).toBe("ok");
      expect(verdictOf(laid(laid(text(), photo, 40, 60), photo, 40, 600))).toBe("ok");
    });

    it("with the grain that a file adds", () => {
      expect(verdictOf(grainy(laid(text(), photo, 40, 60), 2))).toBe("ok");
    });
  });

  it("from a sky at the edge, or in a spark, is neither", () => {
    const sharp = letters();
    const underSky = drawn(640, 640, (x, y) => (y < 150 ? 255 : sharp.data[y * 640 + x]!));
    expect(verdictOf(underSky)).toBe("ok");
    expect(verdictOf(withSpot(sharp, 320, 320, 12))).toBe("ok");
  });
});

describe("size", () => {
  it("is that of the original", () => {
    expect(verdictOf(letters(), { width: 640, height: 480 })).toBe("too_small");
    expect(verdictOf(letters(), { width: 960, height: 1280 })).toBe("ok");
  });

  it("is brought down for judging, in proportion, and never up", () => {
    expect(workingSize(PHONE)).toEqual({ width: 1024, height: 768 });
    expect(workingSize({ width: 640, height: 480 })).toEqual({ width: 640, height: 480 });
    expect(workingSize({ width: 20_000, height: 1 })).toEqual({ width: 1024, height: 1 });
  });
});

describe("brightness", () => {
  it("is what the eye makes of colours", () => {
    const rgba = Uint8Array.from([255, 255, 255, 255, 0, 0, 0, 255, 255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]);
    const [white, black, red, green, blue] = toLuma(rgba, 5, 1).data;
    expect([white, black]).toEqual([255, 0]);
    expect(green! > red! && red! > blue!).toBe(true);
  });
});

function withSpot(luma: Luma, x: number, y: number, radius: number): Luma {
  return drawn(luma.width, luma.height, (column, row) => {
    const far = Math.hypot(column - x, row - y);
    return far < radius ? 255 : luma.data[row * luma.width + column]!;
  });
}
