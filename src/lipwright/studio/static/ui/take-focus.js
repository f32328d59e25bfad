/** Keeps the keyboard where things happen. */

import { useEffect, useRef } from '../lib.js';

/**
 * What was pressed is gone and this stands in its place: the keyboard goes on from here, not from the page's beginning.
 * @returns a ref for an element with tabindex -1
 */
export function useTakenFocus() {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (document.activeElement === document.body) element.current?.focus({ preventScroll: true });
  }, []);
  return element;
}
