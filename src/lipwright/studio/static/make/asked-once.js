/** Lists of the server that do not change while the page is open, asked for once. */

import { api } from '../api.js';
import { useEffect, useState } from '../lib.js';

/** @type {Map<string, Promise<any>>} */
const answers = new Map();

function ask(path) {
  if (!answers.has(path)) {
    const answer = api.get(path);
    answers.set(path, answer);
    answer.catch(() => answers.delete(path));
  }
  return answers.get(path);
}

/**
 * @param {string} path
 * @returns {{ items: any[] | null, error: Error | null, again: () => void }} items: null until they are there
 */
export function useList(path) {
  const [state, setState] = useState({ items: null, error: null });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let wanted = true;
    ask(path).then(
      (answer) => wanted && setState({ items: Array.isArray(answer) ? answer : answer.items, error: null }),
      (error) => wanted && setState({ items: null, error }),
    );
    return () => {
      wanted = false;
    };
  }, [path, attempt]);
  return { ...state, again: () => setAttempt(attempt + 1) };
}
