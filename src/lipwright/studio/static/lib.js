/** What every module of the page draws with: elements, hooks, and one kind of shared value. */

import htm from './vendor/htm.js';
import { h, render, Fragment, createContext } from './vendor/preact.js';
import {
  useCallback, useContext, useEffect, useId, useLayoutEffect, useMemo, useReducer, useRef, useState,
} from './vendor/preact-hooks.js';

export const html = htm.bind(h);

/**
 * A value that several components share.
 * @template T
 * @param {T} initial
 */
export function store(initial) {
  let value = initial;
  /** @type {Set<(value: T) => void>} */
  const listeners = new Set();
  return {
    get: () => value,
    /** @param {T} next */
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener(value);
    },
    /** @param {(value: T) => T} change */
    update(change) {
      this.set(change(value));
    },
    /** @param {(value: T) => void} listener */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * The value of a store, drawn anew when it changes.
 * @template T
 * @param {ReturnType<typeof store<T>>} shared
 * @returns {T}
 */
export function useStore(shared) {
  const [value, setValue] = useState(() => shared.get());
  useLayoutEffect(() => {
    setValue(() => shared.get());
    return shared.subscribe((next) => setValue(() => next));
  }, [shared]);
  return value;
}

/** The parts of a class name that are set. @param {...(string | false | null | undefined)} parts */
export const classes = (...parts) => parts.filter(Boolean).join(' ');

export {
  render, Fragment, createContext,
  useCallback, useContext, useEffect, useId, useLayoutEffect, useMemo, useReducer, useRef, useState,
};
