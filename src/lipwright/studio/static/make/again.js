/** An earlier order, loaded to be changed. */

import { api } from '../api.js';
import { useEffect, useState } from '../lib.js';

/**
 * @param {string | null} id of the project; null: a new order
 * @param {(order: any) => void} onOrder
 * @returns {{ loading: boolean, error: Error | null, again: () => void }}
 */
export function useEarlierOrder(id, onOrder) {
  const [state, setState] = useState({ loading: Boolean(id), error: null });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (!id) return undefined;
    const stop = new AbortController();
    setState({ loading: true, error: null });
    api.get(`/v1/video-projects/${encodeURIComponent(id)}/order`, { signal: stop.signal }).then(
      ({ order, name }) => {
        onOrder({ ...order, name: order.name ?? name });
        setState({ loading: false, error: null });
      },
      (error) => stop.signal.aborted || setState({ loading: false, error }),
    );
    return () => stop.abort();
  }, [id, attempt]);
  return { ...state, again: () => setAttempt(attempt + 1) };
}
