/** Styles of one area, loaded with its modules, so that the first view does not wait for all of them. */

/** @type {Map<string, Promise<void>>} */
const loaded = new Map();

/**
 * Comes back when the styles are there; a view that was drawn before would jump.
 * @param {string | URL} address
 */
export function loadStyles(address) {
  const href = String(address);
  if (!loaded.has(href)) {
    loaded.set(href, new Promise((resolve) => {
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.href = href;
      // Without its styles a view is plain, not useless.
      link.onload = link.onerror = () => resolve();
      document.head.append(link);
    }));
  }
  return loaded.get(href);
}
