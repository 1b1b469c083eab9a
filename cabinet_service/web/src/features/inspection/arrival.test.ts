import { describe, expect, it, vi } from "vitest";
import type { Inspection } from "../../api/client";
import type { Photo } from "../../drafts/database";
import { arrival } from "./arrival";

vi.mock("../../uploads/photos", () => ({ inspectionOf: (photo: Photo) => photo.inspectionId }));

const inspection = { id: "i", evidence: [{ id: "e1" }, { id: "e2" }] } as Inspection;
const photo = (more: Partial<Photo>): Photo => ({ inspectionId: "i", state: "kept", ...more }) as Photo;

describe("what arrived", () => {
  it("is what the server has, of that and of what is still here", () => {
    expect(arrival(inspection, [photo({}), photo({ inspectionId: "another" })])).toEqual({
      arrived: 2,
      all: 3,
      copies: false,
      refused: false,
    });
  });

  it("counts a photo once of which a copy is there", () => {
    expect(arrival(inspection, [photo({ evidenceId: "e1", copy: "sent" })])).toMatchObject({ arrived: 2, all: 2, copies: true });
  });

  it("forgets what was sent, and says what was refused", () => {
    const here = [photo({ state: "sent", evidenceId: "e2" }), photo({ state: "refused" })];
    expect(arrival(inspection, here)).toMatchObject({ arrived: 2, all: 3, refused: true });
  });
});
