import type { Plugin } from "vite";

/** Puts the styles into the page itself: one round trip less before anything is seen. */
export function inlineStyles(): Plugin {
  return {
    name: "inline-styles",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const page = bundle["index.html"];
      if (page?.type !== "asset") return;
      let html = String(page.source);
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type !== "asset" || !name.endsWith(".css")) continue;
        const link = new RegExp(`\\s*<link rel="stylesheet"[^>]*href="/${name}"[^>]*>`);
        if (!link.test(html)) continue;
        html = html.replace(link, () => `\n    <style>${String(file.source).trim()}</style>`);
        delete bundle[name];
      }
      page.source = html;
    },
  };
}
