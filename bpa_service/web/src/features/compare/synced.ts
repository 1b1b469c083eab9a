/**
 * Viewers that move together. Each keeps where it was put, so photos taken from different distances are first laid
 * side by side one by one, and then looked at together.
 */

import type { Viewer } from "../viewer/openseadragon";

interface View {
  x: number;
  y: number;
  zoom: number;
}

export class Synced {
  /** Whether what is done to one is done to all. */
  locked = true;
  private readonly views = new Map<Viewer, View>();
  private following = false;

  /** Have the viewer move with the others until the function that is returned is called. */
  add(viewer: Viewer): () => void {
    const moved = (): void => this.moved(viewer);
    // What is on the screen after an opening is where it begins.
    const opened = (): void => void this.views.set(viewer, viewOf(viewer));
    viewer.addHandler("viewport-change", moved);
    viewer.addHandler("open", opened);
    opened();
    return () => {
      viewer.removeHandler("viewport-change", moved);
      viewer.removeHandler("open", opened);
      this.views.delete(viewer);
    };
  }

  private moved(viewer: Viewer): void {
    const before = this.views.get(viewer);
    const after = viewOf(viewer);
    this.views.set(viewer, after);
    if (!before || !this.locked || this.following) return;
    this.following = true;
    for (const [other, view] of this.views) {
      if (other === viewer) continue;
      const next = followed(view, before, after);
      other.viewport.zoomTo(next.zoom, undefined, true);
      other.viewport.panTo(other.viewport.getCenter().plus(difference(other, next)), true);
      this.views.set(other, viewOf(other));
    }
    this.following = false;
  }
}

/** Where a view is after another one has gone from `before` to `after`: as far across the screen, as many times closer. */
export function followed(view: View, before: View, after: View): View {
  const zoom = view.zoom * (after.zoom / before.zoom);
  const across = (distance: number): number => (distance * after.zoom) / zoom;
  return { x: view.x + across(after.x - before.x), y: view.y + across(after.y - before.y), zoom };
}

function viewOf({ viewport }: Viewer): View {
  const { x, y } = viewport.getCenter();
  return { x, y, zoom: viewport.getZoom() };
}

function difference({ viewport }: Viewer, to: View): ReturnType<typeof viewport.getCenter> {
  const point = viewport.getCenter();
  point.x = to.x - point.x;
  point.y = to.y - point.y;
  return point;
}
