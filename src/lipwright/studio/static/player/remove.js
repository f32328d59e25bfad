/** Deleting a video, with a way back for some seconds. */

import { api } from '../api.js';
import { html, useState } from '../lib.js';
import { navigate } from '../router.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { toast } from '../ui/toast.js';
import { nameOf } from '../watch/project.js';

// Long enough to read the message and to reach its button by keyboard; the server keeps the video for longer.
const UNDO_SHOWN_S = 15;

/**
 * Deletes, and offers to undo it.
 * @param {import('../watch/project.js').Project} project
 * @param {() => void} onRestored
 */
export async function removeProject(project, onRestored) {
  // With `undo` the server keeps it for ten minutes.
  await api.delete(`/v1/video-projects/${project.id}?undo=true`);
  const name = nameOf(project);
  const restore = async () => {
    try {
      await api.post(`/v1/video-projects/${project.id}/restore`);
      toast({ text: t('player.restored', { name }) });
      onRestored();
    } catch (failed) {
      toast({ text: failed.message, kind: 'danger' });
    }
  };
  toast({ text: t('player.deleted', { name }), action: { label: t('player.undo'), run: restore }, seconds: UNDO_SHOWN_S });
}

/** The button on the page of a video; the library is what is seen next. */
export function Remove({ project }) {
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    try {
      await removeProject(project, () => navigate(`/jobs/${project.id}`));
      navigate('/library');
    } catch (failed) {
      toast({ text: failed.message, kind: 'danger' });
      setBusy(false);
    }
  };
  return html`<${Button} kind="danger" icon="trash" busy=${busy} onClick=${remove}>${t('player.delete')}<//>`;
}
