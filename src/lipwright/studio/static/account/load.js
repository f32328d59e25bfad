/** Reading something of the account, and how that went. */

import { api, isAbort } from '../api.js';
import { useCallback, useEffect, useState } from '../lib.js';

/**
 * @param {string} path
 * @returns {{ value: any, error: Error | null, again: () => void, setValue: (value: any) => void }}
 */
export function useLoaded(path) {
  const [value, setValue] = useState(/** @type {any} */ (null));
  const [error, setError] = useState(/** @type {Error | null} */ (null));
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    const asked = new AbortController();
    setError(null);
    api.get(path, { signal: asked.signal }).then(setValue, (failed) => !isAbort(failed) && setError(failed));
    return () => asked.abort();
  }, [path, round]);
  return { value, error, again, setValue };
}

/** The rows of an answer, which is a list or holds one. @param {any} answer @returns {any[]} */
export const rowsOf = (answer) => (Array.isArray(answer) ? answer : answer?.items ?? []);
