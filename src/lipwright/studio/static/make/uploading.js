/** A file on its way to the server: what is refused before it starts, and how far it is. */

import { api, isAbort } from '../api.js';
import { kindOfFile } from '../media-files.js';
import { account } from '../session.js';
import { t } from '../texts.js';
import { bytes } from '../ui/format.js';

/**
 * @typedef {{ state: 'sending' | 'stored' | 'failed', fraction: number, attempt: number, filePath: string | null, message: string | null }} Sending
 *   fraction: 0 to 1; attempt: 0 at first, more after the connection was lost; message: why it failed
 */

/** What is stored already. @param {string} filePath @returns {Sending} */
export const stored = (filePath) => ({ state: 'stored', fraction: 1, attempt: 0, filePath, message: null });

/** The most bytes of one file that the plan takes; null: unlimited, or not known yet. */
const mostBytes = () => account.get()?.plan?.upload_bytes ?? null;

/**
 * Why a file cannot be taken, before a byte of it is sent; null where nothing speaks against it.
 * @param {File} file @param {('image' | 'audio' | 'video')[]} kinds
 */
export function refusal(file, kinds) {
  const kind = kindOfFile(file);
  if (!kind || !kinds.includes(kind)) return t(`make.notA_${kinds[0]}`, { name: file.name });
  if (!file.size) return t('make.fileEmpty', { name: file.name });
  const most = mostBytes();
  if (most && file.size > most) {
    return t('make.fileTooLarge', { name: file.name, size: bytes(file.size), most: bytes(most) });
  }
  return null;
}

/**
 * Send a file.
 * @param {File} file
 * @param {(sending: Sending) => void} onChange
 * @param {'image' | 'audio' | 'video'} [kind]
 * @returns {() => void} stops it; nothing is reported afterwards
 */
export function send(file, onChange, kind) {
  const stop = new AbortController();
  /** @type {Sending} */
  let now = { state: 'sending', fraction: 0, attempt: 0, filePath: null, message: null };
  const change = (patch) => {
    if (stop.signal.aborted) return;
    now = { ...now, ...patch };
    onChange(now);
  };
  change({});
  api.upload(file, (fraction, attempt) => change({ fraction, attempt }), { signal: stop.signal, kind }).then(
    ({ filePath }) => change({ state: 'stored', fraction: 1, filePath }),
    (error) => isAbort(error) || change({ state: 'failed', message: error.message }),
  );
  return () => stop.abort();
}
