/** Orders on their way: each made once, however often it is tried. */

import { api, newIdempotencyKey } from '../api.js';
import { useRef, useState } from '../lib.js';
import { navigate } from '../router.js';
import { refreshAccount } from '../session.js';
import { t } from '../texts.js';
import { toast } from '../ui/toast.js';

/** @param {'ai-talking-photo' | 'lip-sync'} product */
export function useSubmit(product) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState(/** @type {Error | null} */ (null));
  // An order that is tried again keeps its key, and one that was accepted is not sent once more.
  const tried = useRef(/** @type {Map<string, { key: string, id: string | null }>} */ (new Map()));

  /** @param {object[]} orders */
  const submit = async (orders) => {
    setBusy(true);
    setFailure(null);
    const ids = [];
    try {
      for (const [index, order] of orders.entries()) {
        const name = `${index} ${JSON.stringify(order)}`;
        if (!tried.current.has(name)) tried.current.set(name, { key: newIdempotencyKey(), id: null });
        const one = tried.current.get(name);
        one.id ??= (await api.post(`/v1/${product}`, order, { idempotencyKey: one.key })).id;
        ids.push(one.id);
      }
    } catch (error) {
      setFailure(ids.length ? Object.assign(error, { message: t('make.someMade', { count: ids.length, all: orders.length, message: error.message }) }) : error);
      setBusy(false);
      return;
    }
    refreshAccount();
    if (ids.length === 1) return navigate(`/jobs/${ids[0]}`);
    toast({ text: t('make.manyMade', { count: ids.length }) });
    return navigate('/library');
  };
  return { busy, failure, submit, forgetFailure: () => failure && setFailure(null) };
}
