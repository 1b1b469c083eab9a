/** What lies around every screen: the menu of the site, the palette and the keys, opened from wherever one is. */

class Around {
  /** On a case the menu gives its place to the photo, until it is asked for. */
  menu = $state(false);
  palette = $state(false);
  keys = $state(false);
  news = $state(false);
}

export const around = new Around();
