/** What of the link's page is shown. Its secret stays behind the #, so that the page can be loaded anew. */
export function address(shown: { shot: string } | { task: string } | Record<string, never> = {}): string {
  const query = new URLSearchParams(shown).toString();
  return `/yard${query && `?${query}`}${location.hash}`;
}
