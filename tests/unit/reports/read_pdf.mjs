// Opens each file in pdf.js, has every page drawn into operations (which decodes its fonts and pictures), and
// prints the text of the pages as JSON, by file. What pdf.js only warns of is an error here.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const found = createRequire(`${folder}/`).resolve("pdfjs-dist/legacy/build/pdf.mjs");
const { getDocument, VerbosityLevel } = await import(pathToFileURL(found));

console.warn = (...words) => {
  throw new Error(words.join(" "));
};
const read = {};
for (const file of files) {
  const task = getDocument({
    data: new Uint8Array(await readFile(file)),
    stopAtErrors: true,
    useSystemFonts: false,
    verbosity: VerbosityLevel.WARNINGS,
  });
  const pdf = await task.promise;
  read[basename(file)] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    await page.getOperatorList();
    const { items } = await page.getTextContent();
    read[basename(file)].push(items.map((item) => item.str).join(" "));
  }
  await task.destroy();
}
console.log(JSON.stringify(read));
