/** Where the page is: paths of the browser's history, without a reload. */

import { html, store, useEffect, useStore } from './lib.js';
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

// Every plain click on a link to a page of the studio stays in this document.
document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download')) return;
  const { origin, pathname, search, hash } = new URL(link.href);
  const elsewhere = origin !== location.origin || /^\/(v1|media|docs|openapi|studio)\b/.test(pathname);
  if (elsewhere || (hash && pathname === location.pathname)) return;
  event.preventDefault();
  navigate(pathname + search + hash);
});

/** A link to another page of the studio, which says when it is this one. */
export function Link({ href, children, ...rest }) {
  const current = useStore(place).path === href;
  return html`<a href=${href} aria-current=${current ? 'page' : undefined} ...${rest}>${children}</a>`;
}

/** The title of the window while a view is shown. @param {string} title */
export function useTitle(title) {
  useEffect(() => {
    document.title = `${title} · ${t('shell.name')}`;
  }, [title]);
}
