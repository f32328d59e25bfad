/** The video that a lip sync was made from, so that both can be looked at together. */

import { api } from '../api.js';
import { useEffect, useState } from '../lib.js';
import { isSync, local } from '../watch/project.js';

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
    const asked = new AbortController();
    api.post('/v1/file-info', { file_path: path }, { signal: asked.signal })
      .then((info) => setSource(info.url ? { url: local(info.url), start_s: ordered.order.start_seconds ?? 0 } : 'missing'))
      .catch(() => !asked.signal.aborted && setSource('missing'));
    return () => asked.abort();
  }, [project.id, path, Boolean(ordered)]);
  return source;
}
