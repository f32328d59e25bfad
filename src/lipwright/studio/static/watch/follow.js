/** A project as it changes: read once, then followed by events while the page is seen. */

import { api } from '../api.js';
import { useCallback, useEffect, useState } from '../lib.js';
import { isFinal, local } from './project.js';

/**
 * A hidden page lets go of its connection, as browsers keep six for a host, and asks anew when it is seen again.
 * @param {string} id
 */
export function useProject(id) {
  const [project, setProject] = useState(/** @type {import('./project.js').Project | null} */ (null));
  const [error, setError] = useState(/** @type {Error | null} */ (null));
  const [connected, setConnected] = useState(true);
  const [preview, setPreview] = useState(/** @type {{ src: string, frame: number } | null} */ (null));
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((before) => before + 1), []);

  useEffect(() => {
    let stop = () => {};
    let gone = false;
    const take = (now) => {
      if (gone) return;
      setProject(now);
      setError(null);
      if (isFinal(now)) stop();
    };
    const follow = async () => {
      try {
        const now = await api.get(`/v1/video-projects/${id}`);
        take(now);
        if (gone || isFinal(now) || document.hidden) return;
        stop = api.events(`/v1/video-projects/${id}/events`, {
          onEvent: (name, data) => {
            if (name === 'project') take(data);
            if (name === 'preview') showWhenLoaded(data, (shown) => !gone && setPreview(shown));
          },
          onState: (state) => setConnected(state === 'open'),
        });
      } catch (failed) {
        if (!gone) setError(failed);
      }
    };
    const seen = () => {
      stop();
      if (!document.hidden) follow();
    };
    follow();
    document.addEventListener('visibilitychange', seen);
    addEventListener('online', seen);
    return () => {
      gone = true;
      stop();
      document.removeEventListener('visibilitychange', seen);
      removeEventListener('online', seen);
    };
  }, [id, round]);

  return { project, setProject, error, connected, preview, again };
}

/** A picture replaces the one before only when it is there whole: nothing flickers. */
function showWhenLoaded({ url, frame, at }, show) {
  const src = local(url) + (url.includes('?') ? '' : `?frame=${frame ?? at}`);
  const picture = new Image();
  picture.onload = () => show({ src, frame });
  picture.src = src;
}
