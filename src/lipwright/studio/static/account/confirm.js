/** A question before something that cannot be undone. */

import { html, useState } from '../lib.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Note } from '../ui/states.js';

/** @param {{ title: string, text: string, yes: string, no: string, run: () => Promise<void>, onClose: () => void }} props */
export function Confirm({ title, text, yes, no, run, onClose }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const go = async () => {
    setBusy(true);
    try {
      await run();
      onClose();
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${title} onClose=${onClose} actions=${html`
    <${Button} onClick=${onClose}>${no}<//><${Button} kind="danger" icon="trash" busy=${busy} onClick=${go}>${yes}<//>`}>
    <p class="anywhere">${text}</p>${error && html`<${Note} kind="danger" live>${error.message}<//>`}<//>`;
}
