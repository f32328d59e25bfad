/** Small pictures along a film, drawn by the browser: they are there before the file is sent. */

import { useEffect, useState } from '../lib.js';

const FRAMES = 12;
const HEIGHT_PX = 72;

const once = (target, name) => new Promise((resolve, reject) => {
  target.addEventListener(name, resolve, { once: true });
  target.addEventListener('error', reject, { once: true });
});

/**
 * @param {string | null} url of a film of this origin
 * @returns {string[]} addresses of pictures, those that are there so far
 */
export function useFilmFrames(url) {
  const [frames, setFrames] = useState(/** @type {string[]} */ ([]));
  useEffect(() => {
    setFrames([]);
    if (!url) return undefined;
    let gone = false;
    const made = [];
    const film = document.createElement('video');
    film.muted = true;
    film.preload = 'auto';
    film.src = url;
    (async () => {
      await once(film, 'loadeddata');
      if (!Number.isFinite(film.duration)) return;
      const canvas = document.createElement('canvas');
      canvas.height = HEIGHT_PX;
      canvas.width = Math.max(1, Math.round((HEIGHT_PX * film.videoWidth) / film.videoHeight));
      for (let index = 0; index < FRAMES && !gone; index += 1) {
        film.currentTime = (film.duration * (index + 0.5)) / FRAMES;
        await once(film, 'seeked');
        canvas.getContext('2d').drawImage(film, 0, 0, canvas.width, canvas.height);
        const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.7));
        if (gone || !blob) return;
        made.push(URL.createObjectURL(blob));
        setFrames([...made]);
      }
    })().catch(() => {
      // A film that the browser cannot read has the server's strip, or none.
    });
    return () => {
      gone = true;
      film.removeAttribute('src');
      film.load();
      made.forEach((one) => URL.revokeObjectURL(one));
    };
  }, [url]);
  return frames;
}
