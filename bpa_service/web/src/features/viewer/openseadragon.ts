/** The viewer that both the case and the comparison look through. The library is loaded when it is first needed. */

import type OpenSeadragon from "openseadragon";

export type Library = typeof OpenSeadragon;
export type Viewer = OpenSeadragon.Viewer;

/** A viewer in `element`, without controls and keys of its own. */
export async function openViewer(element: HTMLElement): Promise<{ library: Library; viewer: Viewer }> {
  withoutItsStyles();
  const library = (await import("openseadragon")).default;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const viewer = library({
    element,
    showNavigationControl: false,
    keyboardNavEnabled: false,
    drawer: "canvas",
    animationTime: still ? 0 : 0.1,
    maxZoomPixelRatio: 8,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
  });
  return { library, viewer };
}

/** Show the picture at `url`; `stays` keeps the place that is looked at. Raises Error if it cannot be loaded. */
export function show(viewer: Viewer, url: string, stays = false): Promise<void> {
  const { viewport } = viewer;
  const [zoom, centre] = [viewport.getZoom(), viewport.getCenter()];
  return new Promise((done, failed) => {
    viewer.addOnceHandler("open", () => {
      if (stays) viewer.viewport.zoomTo(zoom, undefined, true).panTo(centre, true);
      done();
    });
    viewer.addOnceHandler("open-failed", () => failed(new Error("the picture cannot be loaded")));
    viewer.open({ tileSource: { type: "image", url } });
  });
}

/** The library puts a style into the page unless one is there, and the page's policy forbids it. */
function withoutItsStyles(): void {
  if (document.querySelector("style[data-openseadragon-mobile-css]")) return;
  const none = document.createElementNS("none", "style");
  none.setAttribute("data-openseadragon-mobile-css", "true");
  document.head.append(none);
}
