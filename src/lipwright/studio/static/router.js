/** Where the page is: paths of the browser's history, without a reload. */

import { classes, html, store, useEffect, useStore } from './lib.js';
import { t } from './texts.js';

/** @typedef {{ path: string, query: URLSearchParams, hash: string }} Place */

/** @returns {Place} */
const here = () => ({
  path: location.pathname.replace(/\/+$/, '') || '/',
  query: new URLSearchParams(location.search),
  hash: location.hash,
});

export const place = store(here());

addEventListener('popstate', () => place.set(here()));

/**
 * Go to another page of the studio.
 * @param {string} address path with query
 * @param {{ replace?: boolean }} [options] replace: without a step to come back to
 */
export function navigate(address, { replace = false } = {}) {
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
  place.set(here());
  if (!replace) scrollTo(0, 0);
}

/** A link to another page of the studio; with a modifier key the browser does what it always does. */
export function Link({ href, class: className, children, ...rest }) {
  const current = useStore(place).path === href;
  const follow = (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    navigate(href);
  };
  return html`<a href=${href} class=${classes(className)} aria-current=${current ? 'page' : undefined}
    onClick=${follow} ...${rest}>${children}</a>`;
}

/** The title of the window while a view is shown. @param {string} title */
export function useTitle(title) {
  useEffect(() => {
    document.title = `${title} · ${t('shell.name')}`;
  }, [title]);
}
