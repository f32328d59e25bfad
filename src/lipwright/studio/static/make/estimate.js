/** What orders will cost and how long they will take, asked anew whenever they change. */

import { api, isAbort } from '../api.js';
import { useEffect, useState } from '../lib.js';

// Long enough to drag a handle without a call for each step, short enough to feel live.
const PATIENCE_MS = 350;

/**
 * @typedef {{ state: 'none' | 'asking' | 'known' | 'failed', credits: number, seconds: number, width?: number, height?: number,
 *   limits: { code: string, message: string }[], problem: string | null, problemCode: string | null }} Estimate
 *   limits: where the plan binds; problem: why the orders would be refused. While it asks, the last figures stay.
 */
const NONE = /** @type {Estimate} */ ({ state: 'none', credits: 0, seconds: 0, limits: [], problem: null, problemCode: null });

/**
 * @param {'ai-talking-photo' | 'lip-sync'} product
 * @param {{ order: object, sources: Record<string, number> }[]} orders those that are whole; sources: what is known of their files
 * @returns {Estimate}
 */
export function useEstimate(product, orders) {
  const [estimate, setEstimate] = useState(NONE);
  const key = JSON.stringify(orders);
  useEffect(() => {
    if (!orders.length) {
      setEstimate(NONE);
      return undefined;
    }
    const stop = new AbortController();
    setEstimate((old) => ({ ...old, state: 'asking' }));
    const timer = setTimeout(async () => {
      try {
        const answers = [];
        for (const one of orders) answers.push(await api.post('/v1/estimates', { product, ...one }, { signal: stop.signal }));
        setEstimate(together(answers));
      } catch (error) {
        if (!isAbort(error)) setEstimate({ ...NONE, state: 'failed', problem: error.message });
      }
    }, PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [product, key]);
  return estimate;
}

/** What is known of the files of an order, without what is not. @param {Record<string, number | null | undefined>} sources */
export const known = (sources) => Object.fromEntries(Object.entries(sources).filter(([, value]) => value));

/** Several answers as one. @param {any[]} answers @returns {Estimate} */
function together(answers) {
  const sum = (name) => answers.reduce((total, one) => total + (one[name] ?? 0), 0);
  const limits = new Map(answers.flatMap((one) => one.limits ?? []).map((one) => [one.message, one]));
  const [{ width, height }] = answers;
  const refused = answers.find((one) => one.error)?.error;
  return {
    state: 'known', credits: sum('credits'), seconds: sum('seconds_estimate'), width, height, limits: [...limits.values()],
    problem: refused?.message ?? null, problemCode: refused?.code ?? null,
  };
}
