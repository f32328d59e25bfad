/** The film of a lip sync: a file, an address, or an earlier video; what is known about it; the stretch that is used. */

import { api, isAbort } from '../api.js';
import { useEffect, useRef, useState } from '../lib.js';
import { ASKING } from './faces.js';
import { send, stored } from './uploading.js';

/**
 * @typedef {{ name: string, file: File | null, url: string | null, path: string | null, youtube: string | null,
 *   sending: import('./uploading.js').Sending | null, info: any, problem: string | null, length: number, width: number, height: number,
 *   start: number, end: number, found: import('./faces.js').Faces | null, undrawn: boolean, typed: boolean }} Film
 *   url: what the browser plays; path: how the API names it; youtube: an address that the server fetches;
 *   length: seconds, 0 until known; undrawn: the browser cannot play it;
 *   typed: nobody knows the length before the server has fetched it, so the stretch is typed
 */

const YOUTUBE = /^https?:\/\/(?:[\w-]+\.)*(?:youtube\.com|youtu\.be)\//i;
// What is suggested of a film whose length is not known.
const TYPED_S = 10;
// Where faces are looked for until there is one: parts of the stretch.
const LOOKED_AT = [0, 0.3, 0.6];

/** @param {Partial<Film>} known @returns {Film} */
const film = (known) => ({
  name: '', file: null, url: null, path: null, youtube: null, sending: null, info: null, problem: null, length: 0, width: 0, height: 0,
  start: 0, end: 0, found: null, undrawn: false, typed: false, ...known,
});

/** @param {File} file */
export const filmOfFile = (file) => film({ name: file.name, file, url: URL.createObjectURL(file) });
/** What the API already knows. @param {string} path @param {string} name @param {Partial<Film>} [known] */
export const filmOfPath = (path, name, known = {}) => film({ name, path, sending: stored(path), ...known });
/** @param {string} address */
export const filmOfAddress = (address) => (YOUTUBE.test(address)
  ? film({ name: address, youtube: address, undrawn: true, typed: true, end: TYPED_S })
  : filmOfPath(address, address));
/** A complete project. @param {any} project */
export const filmOfProject = (project, name) => filmOfPath(`${location.origin}/my-library?videoId=${encodeURIComponent(project.id)}`, name, {
  url: project.downloads?.[0]?.url ?? null,
});

/** The assets of an order; null until the film is there and its stretch known. @param {Film | null} film */
export function filmAssets(film) {
  if (!film || film.end <= film.start) return null;
  if (film.youtube) return { video_source: 'youtube', youtube_url: film.youtube };
  return film.path ? { video_source: 'file', video_file_path: film.path } : null;
}

/** The film with a length that was found out. @param {Film} film @param {number} length */
const withLength = (film, length) => ({ ...film, length, start: Math.min(film.start, length), end: film.end ? Math.min(film.end, length) : length });

/**
 * The film that was chosen, sent and looked into.
 * @returns {{ film: Film | null, choose: (film: Film | null) => void, change: (patch: (film: Film) => Film) => void, retry: () => void, lookAgain: () => void,
 *   measured: (length: number, width: number, height: number) => void, undrawn: () => void }}
 */
export function useFilm() {
  const [now, setNow] = useState(/** @type {Film | null} */ (null));
  const change = (patch) => setNow((old) => old && patch(old));
  const { file, path, url } = now ?? {};
  const [looks, setLooks] = useState(0);
  const stop = useRef(() => {});

  const begin = () => {
    stop.current = send(file, (sending) => change((old) => (old.file === file ? { ...old, sending, path: sending.filePath } : old)), 'video');
  };
  useEffect(() => {
    if (!file) return undefined;
    begin();
    return () => stop.current();
  }, [file]);
  useEffect(() => () => file && url && URL.revokeObjectURL(url), [file]);

  useEffect(() => {
    if (!path) return undefined;
    const ending = new AbortController();
    api.post('/v1/file-info', { file_path: path }, { signal: ending.signal, patient: true }).then(
      (info) => change((old) => (old.path === path ? withLength({
        ...old, info, url: old.url ?? info.url ?? null, width: info.width ?? old.width, height: info.height ?? old.height,
      }, info.duration_seconds ?? old.length) : old)),
      (error) => isAbort(error) || change((old) => ({
        ...old, problem: error.message, typed: !old.file && !old.length, end: old.end || TYPED_S,
      })),
    );
    return () => ending.abort();
  }, [path]);

  const at = now && Math.round(now.start * 2) / 2;
  useEffect(() => {
    if (!path || !now.length) return undefined;
    const ending = new AbortController();
    const { start, end } = now;
    const search = async () => {
      change((old) => ({ ...old, found: old.found?.state === 'found' ? old.found : ASKING }));
      try {
        let answer = null;
        for (const part of LOOKED_AT) {
          const body = { file_path: path, time_seconds: start + (end - start) * part };
          answer = { ...(await api.post('/v1/face-boxes', body, { signal: ending.signal, patient: true })), at: body.time_seconds };
          if (answer.faces?.length) break;
        }
        change((old) => ({ ...old, found: { state: 'found', faces: answer.faces ?? [], reason: answer.reason ?? null, at: answer.at } }));
      } catch (error) {
        if (!isAbort(error)) change((old) => ({ ...old, found: { state: 'failed', faces: [], reason: error.message } }));
      }
    };
    const timer = setTimeout(search, 400);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [path, now?.length > 0, at, looks]);

  return {
    film: now,
    choose: setNow,
    change,
    retry: begin,
    lookAgain: () => setLooks((count) => count + 1),
    measured: (length, width, height) => change((old) => (old.length ? old : withLength({ ...old, width, height }, length))),
    undrawn: () => change((old) => ({ ...old, undrawn: true })),
  };
}
