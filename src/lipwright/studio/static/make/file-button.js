/** A button that opens the browser's choice of files. */

import { html, useRef } from '../lib.js';
import { Button } from '../ui/button.js';

/** @param {{ accept: string, multiple?: boolean, onFiles: (files: File[]) => void, children: any, [rest: string]: any }} props */
export function FileButton({ accept, multiple = false, onFiles, children, name, ...rest }) {
  const input = useRef(null);
  const taken = (event) => {
    const files = [...event.target.files];
    event.target.value = '';
    if (files.length) onFiles(files);
  };
  return html`<${Button} ...${rest} onClick=${() => input.current.click()}>${children}<//>
    <input type="file" name=${name} hidden ref=${input} accept=${accept} multiple=${multiple} onChange=${taken} />`;
}
