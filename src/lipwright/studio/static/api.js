/**
 * The public API, as the page calls it.
 *
 * The session is a cookie that scripts cannot read; writes carry the token that `GET /v1/session` gave. What goes wrong
 * is an ApiError, also where no answer came (status 0).
 */

import { extensionOf, mediaKind } from './media-files.js';
import { t } from './texts.js';

/** A call that did not succeed. */
export class ApiError extends Error {
  /** @param {number} status 0 where no answer came @param {string} message @param {string} code */
  constructor(status, message, code) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }
}

const CODES = {
  400: 'bad_request', 401: 'signed_out', 402: 'too_few_credits', 403: 'forbidden', 404: 'not_found', 409: 'conflict',
  413: 'too_large', 422: 'cannot_be_done', 429: 'too_many_calls', 503: 'busy',
};
// A read that is lost on the way is asked again after these pauses.
const READ_RETRIES_MS = [400, 1500];
// A large file on a bad connection: five tries within about half a minute.
const UPLOAD_RETRIES_MS = [800, 2500, 7000, 15000];
const RECONNECT_MS = 3000;
// Too many calls: nothing was done, so the call is made again where the server names a wait of up to so long.
const PATIENCE_S = 15;
const WAITS = 2;
// A server that is too busy to look into a file is asked again after this.
const BUSY_WAIT_S = 3;

let csrfToken = '';
/** @type {() => void} */
let onSignedOut = () => {};

/** @param {string} token what GET /v1/session gave */
export function setCsrfToken(token) {
  csrfToken = token;
}

/** @param {() => void} listener called when the server no longer knows the session */
export function whenSignedOut(listener) {
  onSignedOut = listener;
}

const pause = (ms, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, ms);
  signal?.addEventListener('abort', () => {
    clearTimeout(timer);
    reject(aborted());
  }, { once: true });
});

const aborted = () => new DOMException('aborted', 'AbortError');
/** Whether an error only says that nobody waits any more. @param {unknown} error */
export const isAbort = (error) => error instanceof DOMException && error.name === 'AbortError';

/** @param {Response} response */
async function failure(response) {
  const body = await response.json().catch(() => null);
  const error = body?.error ?? body ?? {};
  const code = error.code ?? CODES[response.status] ?? (response.status >= 500 ? 'server' : 'failed');
  const message = response.status >= 500 && response.status !== 503 ? t('shell.serverFailed') : error.message;
  return new ApiError(response.status, message ?? t('shell.callFailed', { status: response.status }), code);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{ signal?: AbortSignal, idempotencyKey?: string, quiet?: boolean, raw?: boolean, patient?: boolean }} [options]
 *   quiet: a 401 does not end the session of the page; raw: the Response itself;
 *   patient: a call that changes nothing, made again where the server is too busy for it
 */
async function call(method, path, body, { signal, idempotencyKey, quiet = false, raw = false, patient = false } = {}) {
  const headers = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrfToken) headers['X-CSRF-Token'] = csrfToken;
  if (idempotencyKey) headers['Idempotency-Key'] = idempotencyKey;
  const repeatable = method === 'GET' || Boolean(idempotencyKey);
  let waits = 0;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const response = await fetch(path, {
        method, headers, signal, credentials: 'same-origin', cache: 'no-store',
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const busy = response.status === 503 && patient;
      const wait = Number(response.headers.get('Retry-After') ?? (busy ? BUSY_WAIT_S : NaN));
      if ((busy || response.status === 429) && wait <= PATIENCE_S && waits < WAITS && !quiet) {
        waits += 1;
        attempt -= 1;
        await pause(Math.max(wait, 0.5) * 1000, signal);
        continue;
      }
      if (!response.ok) {
        const error = await failure(response);
        if (error.status === 401 && !quiet) onSignedOut();
        throw error;
      }
      if (raw) return response;
      if (response.status === 204) return null;
      return response.headers.get('Content-Type')?.includes('json') ? response.json() : response.text();
    } catch (error) {
      if (error instanceof ApiError || isAbort(error)) throw error;
      if (!repeatable || attempt >= READ_RETRIES_MS.length) {
        throw new ApiError(0, t('shell.noConnection'), 'no_connection');
      }
      await pause(READ_RETRIES_MS[attempt], signal);
    }
  }
}

/**
 * Put one file to an address. Scripts learn how far a body got from XMLHttpRequest alone.
 * @param {string} url @param {Blob} file @param {(fraction: number) => void} onProgress @param {AbortSignal} [signal]
 */
function put(url, file, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status < 300) return resolve(null);
      const code = CODES[request.status] ?? 'server';
      return reject(new ApiError(request.status, t('shell.callFailed', { status: request.status }), code));
    };
    request.onerror = () => reject(new ApiError(0, t('shell.noConnection'), 'no_connection'));
    request.onabort = () => reject(aborted());
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

/**
 * Store a file; tries again on a bad connection, each time with a fresh address.
 * @param {File | Blob} file
 * @param {(fraction: number, attempt: number) => void} [onProgress] attempt: 0 at first
 * @param {{ name?: string, kind?: 'image' | 'audio' | 'video', signal?: AbortSignal }} [options]
 * @returns {Promise<{ filePath: string }>}
 */
async function upload(file, onProgress = () => {}, { name, kind, signal } = {}) {
  const extension = extensionOf(name ?? /** @type {File} */ (file).name ?? '', file.type);
  const type = kind ?? mediaKind(extension, file.type);
  for (let attempt = 0; ; attempt += 1) {
    try {
      const { items } = await call('POST', '/v1/files/upload-urls', { items: [{ type, extension }] }, { signal });
      await put(items[0].upload_url, file, (fraction) => onProgress(fraction, attempt), signal);
      return { filePath: items[0].file_path };
    } catch (error) {
      const lost = error instanceof ApiError && (error.status === 0 || error.status === 408 || error.status >= 500);
      if (!lost || attempt >= UPLOAD_RETRIES_MS.length) throw error;
      onProgress(0, attempt + 1);
      await pause(UPLOAD_RETRIES_MS[attempt], signal);
    }
  }
}

/**
 * Follow server-sent events; connects again whenever the connection is lost, until the returned function is called.
 * @param {string} path
 * @param {{ onEvent: (name: string, data: any) => void, onState?: (state: 'open' | 'lost') => void }} listeners
 * @returns {() => void} stop
 */
export function events(path, { onEvent, onState = () => {} }) {
  /** @type {EventSource | null} */
  let source = null;
  let timer = 0;
  let stopped = false;
  const connect = () => {
    source = new EventSource(path);
    source.onopen = () => onState('open');
    source.onerror = () => {
      if (stopped) return;
      onState('lost');
      // The browser connects again by itself unless the answer was an error.
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(connect, RECONNECT_MS);
    };
    for (const name of ['project', 'preview', 'message']) {
      source.addEventListener(name, (event) => {
        if (stopped) return;
        let data = /** @type {MessageEvent} */ (event).data;
        try {
          data = JSON.parse(data);
        } catch {
          // A text stays a text.
        }
        onEvent(name, data);
      });
    }
  };
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source?.close();
  };
}

/** A key under which a create call may be repeated without making a second project. */
export const newIdempotencyKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

export const api = {
  /** @param {string} path @param {object} [options] */
  get: (path, options) => call('GET', path, undefined, options),
  /** @param {string} path @param {unknown} [body] @param {object} [options] */
  post: (path, body, options) => call('POST', path, body, options),
  /** @param {string} path @param {unknown} body @param {object} [options] */
  patch: (path, body, options) => call('PATCH', path, body, options),
  /** @param {string} path @param {object} [options] */
  delete: (path, options) => call('DELETE', path, undefined, options),
  upload,
  events,
};
