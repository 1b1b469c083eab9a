/** Screens with long lists, which are tables where there is room: their styles come with them, and with no other page. */

import href from "./wide.css?url";

let styles: Promise<void> | undefined;

/** What loads a screen, and the styles with it. Without these it can be read all the same. */
export function wide<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    styles ??= linked();
    const [screen] = await Promise.all([load(), styles]);
    return screen;
  };
}

function linked(): Promise<void> {
  return new Promise((done) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: () => done() });
    link.onerror = () => {
      styles = undefined; // the next screen asks again
      link.remove();
      done();
    };
    document.head.append(link);
  });
}
