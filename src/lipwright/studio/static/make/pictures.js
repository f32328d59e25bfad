/** The pictures of a talking photo: each is sent and searched for faces as soon as it is chosen. */

import { api, isAbort } from '../api.js';
import { useEffect, useRef, useState } from '../lib.js';
import { ASKING, firstChoice } from './faces.js';
import { send, stored } from './uploading.js';

/**
 * @typedef {{ id: number, name: string, file: File | null, url: string | null, sending: import('./uploading.js').Sending | null,
 *   found: import('./faces.js').Faces | null, face: number | 'all' | null, undrawn: boolean }} Picture
 *   url: what the browser shows; face: who speaks, by its place among the faces; undrawn: the browser cannot show it
 */

let lastId = 0;

/** @returns {{ pictures: Picture[], add: (files: File[]) => void, addStored: (filePath: string, name: string, face: number | 'all' | null) => void,
 *   remove: (id: number) => void, change: (id: number, patch: Partial<Picture>) => void, retry: (picture: Picture) => void }} */
export function usePictures() {
  const [pictures, setPictures] = useState(/** @type {Picture[]} */ ([]));
  const stops = useRef(new Map());
  const urls = useRef(new Map());
  const change = (id, patch) => setPictures((all) => all.map((one) => (one.id === id ? { ...one, ...patch } : one)));
  const forget = (id) => {
    stops.current.get(id)?.();
    if (urls.current.has(id)) URL.revokeObjectURL(urls.current.get(id));
  };
  useEffect(() => () => [...stops.current.keys()].forEach(forget), []);

  const search = async (id, filePath, face) => {
    const stop = new AbortController();
    stops.current.set(id, () => stop.abort());
    change(id, { found: ASKING });
    try {
      const answer = await api.post('/v1/face-boxes', { file_path: filePath }, { signal: stop.signal, patient: true });
      const faces = answer.faces ?? [];
      change(id, { found: { state: 'found', faces, reason: answer.reason ?? null, width: answer.width, height: answer.height }, face: face ?? firstChoice(faces) });
    } catch (error) {
      if (!isAbort(error)) change(id, { found: { state: 'failed', faces: [], reason: error.message } });
    }
  };
  const begin = (id, file) => {
    const stop = send(file, (sending) => {
      change(id, { sending });
      if (sending.state === 'stored') search(id, sending.filePath, null);
    }, 'image');
    stops.current.set(id, stop);
  };
  const fresh = (name) => {
    lastId += 1;
    return { id: lastId, name, file: null, url: null, sending: null, found: null, face: null, undrawn: false };
  };
  const showStored = async (id, filePath) => {
    try {
      const info = await api.post('/v1/file-info', { file_path: filePath }, { patient: true });
      change(id, { url: info.poster_url ?? info.url ?? null, undrawn: false });
    } catch (error) {
      change(id, { sending: { ...stored(filePath), state: 'failed', message: error.message } });
    }
  };

  return {
    pictures,
    change,
    add(files) {
      const added = files.map((file) => ({ ...fresh(file.name), file, url: URL.createObjectURL(file) }));
      setPictures((all) => [...all, ...added]);
      for (const { id, file, url } of added) {
        urls.current.set(id, url);
        begin(id, file);
      }
    },
    addStored(filePath, name, face) {
      const picture = { ...fresh(name), sending: stored(filePath) };
      setPictures((all) => [...all, picture]);
      showStored(picture.id, filePath);
      search(picture.id, filePath, face);
    },
    remove(id) {
      forget(id);
      setPictures((all) => all.filter((one) => one.id !== id));
    },
    retry({ id, file, sending }) {
      if (file && !sending?.filePath) begin(id, file);
      else if (sending?.filePath) search(id, sending.filePath, null);
    },
    /** The browser cannot show this kind of picture: the server's smaller one is shown. @param {Picture} picture */
    undrawn({ id, sending, undrawn }) {
      if (undrawn) return;
      change(id, { undrawn: true, url: null });
      if (sending?.filePath) showStored(id, sending.filePath);
    },
  };
}
