/** What a report shows of photos. */

import type { Picture, Presented } from "$kit/report/presented";

/** Every picture of it; one photo may be in it several times. */
export function picturesOf({ sections }: Presented): Picture[] {
  return sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.type === "pictures" || block.type === "finding" ? [...(block.pictures ?? [])] : [])),
  );
}
