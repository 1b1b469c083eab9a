/** Files of the gallery that were not kept, each with the reason: said once, on the page that follows. */
export const refused = $state({ files: [] as string[] });
