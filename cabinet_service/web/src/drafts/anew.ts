/** A draft that its person is not shown by the server any more, as of a company that they left, is begun once more. */

import { newId } from "$kit/api/unwrap";
import { change } from "./database";
import { drafts, unsent } from "./drafts.svelte";

/**
 * The same in one's own name, as if nothing of it had been sent: what the server was told of the other is not this
 * one's. Returns the id of the new one; undefined if the draft is gone.
 */
export async function beginAnew(draftId: string): Promise<string | undefined> {
  const id = newId();
  const begun = await change(["drafts", "photos", "files"], async (work) => {
    const [all, photos, files] = [work.objectStore("drafts"), work.objectStore("photos"), work.objectStore("files")];
    const old = await all.get(draftId);
    if (!old) return undefined;
    const { inspectionId: _i, asked: _a, given: _g, inNameOf: _n, ...row } = old;
    await all.delete(draftId);
    await all.put({ ...row, id, submitKey: newId(), dirty: true, state: "editing", problem: null });
    for (const photo of await photos.index("draftId").getAll(draftId)) {
      const photoId = newId();
      const file = await files.get(photo.id);
      await photos.delete(photo.id);
      await files.delete(photo.id);
      await photos.put({ ...unsent(photo), id: photoId, draftId: id });
      if (file) await files.put({ ...file, photoId });
    }
    return id;
  });
  if (begun) await drafts.change(begun, {}); // and have it seen, and sent
  return begun;
}
