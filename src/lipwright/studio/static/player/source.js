/** The video that a lip sync was made from, so that both can be looked at together. */

import { api } from '../api.js';
import { useEffect, useState } from '../lib.js';
import { isSync, local } from '../watch/project.js';

const TRIES = 5;
const AGAIN_MS = 2500;

/**
 * @param {import('../watch/project.js').Project} project
 * @param {{ order: any } | null} ordered null while it is not known
 * @returns {{ url: string, start_s: number } | 'missing' | null} null: not asked for, or not known yet
 */
export function useSource(project, ordered) {
  const [source, setSource] = useState(null);
  const path = ordered?.order?.assets?.video_file_path;
  useEffect(() => {
    if (!isSync(project) || !ordered) return undefined;
    if (!path) {
      setSource('missing');
      return undefined;
    }
    let timer = 0;
    let gone = false;
    const ask = async (tries) => {
      try {
        const info = await api.post('/v1/file-info', { file_path: path });
        if (!gone) setSource({ url: local(info.url), start_s: ordered.order.start_seconds ?? 0 });
      } catch (failed) {
        if (gone) return;
        // A server that is busy with renders looks into files later.
        const isBusy = [0, 429, 503].includes(/** @type {any} */ (failed).status);
        if (isBusy && tries > 1) timer = setTimeout(() => ask(tries - 1), AGAIN_MS);
        else setSource('missing');
      }
    };
    ask(TRIES);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [project.id, path, Boolean(ordered)]);
  return source;
}
