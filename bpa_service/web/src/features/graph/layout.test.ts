import { describe, expect, it } from "vitest";
import { drawn, HEIGHT, WIDTH, type Edge, type Node } from "./layout";

const node = (id: string, kind: Node["kind"]): Node => ({ id, kind, label: id, case_id: null, state: null, is_open: false, submitted_at: null, preview: null });
const edge = (source: string, target: string, kind: Edge["kind"] = "claimed"): Edge => ({ source, target, kind, at: null, evidence_id: null });

describe("the drawing of a graph", () => {
  const nodes = [node("a", "case"), node("b", "case"), node("c", "case"), node("of c", "plate"), node("of a", "plate"), node("vin", "number")];
  const edges = [edge("a", "vin"), edge("b", "vin"), edge("c", "vin"), edge("c", "of c"), edge("a", "of a"), edge("a", "c", "tied")];

  it("has each node once, and no two in one place", () => {
    const { nodes: placed, width, height } = drawn(nodes, edges);
    expect(placed.map(({ node: { id } }) => id).sort()).toEqual(nodes.map(({ id }) => id).sort());
    for (const one of placed) {
      expect(one.x + WIDTH).toBeLessThanOrEqual(width);
      expect(one.y + HEIGHT).toBeLessThanOrEqual(height);
      for (const other of placed) if (one !== other) expect(Math.abs(one.x - other.x) >= WIDTH || Math.abs(one.y - other.y) > HEIGHT).toBe(true);
    }
  });

  it("puts what hangs on a case near it", () => {
    const y = new Map(drawn(nodes, edges).nodes.map((one) => [one.node.id, one.y]));
    expect(y.get("of a")).toBeLessThan(y.get("of c") ?? 0);
  });

  it("draws every line between what is there, and none to what is not", () => {
    expect(drawn(nodes, [...edges, edge("a", "nothing")]).lines).toHaveLength(edges.length);
    expect(drawn([], []).nodes).toEqual([]);
  });
});
