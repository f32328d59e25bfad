/** Who is signed in, and what their plan allows. */

import { ApiError, api, setCsrfToken, whenSignedOut } from './api.js';
import { store } from './lib.js';

/**
 * @typedef {{ state: 'unknown' | 'out' | 'in', account: { id: string, name: string, plan: any } | null, ended?: boolean }} Session
 *   ended: was in, and the server no longer knows it
 */
export const session = store(/** @type {Session} */ ({ state: 'unknown', account: null }));

/** Balance and plan as `GET /v1/account` tells them; null until known. */
export const account = store(/** @type {any} */ (null));

whenSignedOut(() => {
  if (session.get().state === 'in') leave({ ended: true });
});

function leave({ ended = false } = {}) {
  setCsrfToken('');
  account.set(null);
  session.set({ state: 'out', account: null, ended });
}

/** Ask the server who this is. Raises ApiError where it does not answer. */
export async function openSession() {
  try {
    const answer = await api.get('/v1/session', { quiet: true });
    setCsrfToken(answer.csrf_token);
    session.set({ state: 'in', account: answer.account });
    refreshAccount();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    session.set({ state: 'out', account: null });
  }
}

/** @param {{ code: string } | { key: string }} proof from the printed link, or an API key */
export async function signIn(proof) {
  await api.post('/v1/sessions', proof, { quiet: true });
  await openSession();
}

export async function signOut() {
  await api.delete('/v1/session', { quiet: true }).catch((error) => {
    if (error.status !== 401) throw error;
  });
  leave();
}

/** Balance and plan once more, after something was spent. What is shown stays where that fails. */
export async function refreshAccount() {
  try {
    account.set(await api.get('/v1/account'));
  } catch {
    // Shown figures stay; the next call that matters says what is wrong.
  }
}
