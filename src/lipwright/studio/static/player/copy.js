/** Copying to the clipboard, and saying so. */

import { t } from '../texts.js';
import { toast } from '../ui/toast.js';

/**
 * @param {string} text @param {string} said what is shown when it worked
 * @returns {Promise<boolean>} whether it worked
 */
export async function copyText(text, said) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page that is not opened from this machine or by https has no clipboard.
    if (!copySelected(text)) {
      toast({ text: t('player.copyFailed'), kind: 'danger' });
      return false;
    }
  }
  toast({ text: said });
  return true;
}

function copySelected(text) {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'unseen';
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}
