/** Files that are dropped or pasted anywhere on the page. */

import { useEffect, useRef, useState } from '../lib.js';

/** @param {DataTransfer | null} transfer */
const filesOf = (transfer) => [...(transfer?.files ?? [])];

/**
 * @param {(files: File[]) => void} onFiles
 * @returns {boolean} whether files are held over the page
 */
export function usePageFiles(onFiles) {
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    // Each element that is entered is left again: files are over the page while the count is above zero.
    let depth = 0;
    const holdsFiles = (event) => event.dataTransfer?.types.includes('Files');
    const enter = (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      depth += 1;
      setOver(true);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (!depth) setOver(false);
    };
    const hover = (event) => holdsFiles(event) && event.preventDefault();
    const drop = (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      latest.current(filesOf(event.dataTransfer));
    };
    const paste = (event) => {
      const files = filesOf(event.clipboardData);
      if (!files.length) return;
      event.preventDefault();
      latest.current(files);
    };
    const listeners = Object.entries({ dragenter: enter, dragleave: leave, dragover: hover, drop, paste });
    for (const [name, listener] of listeners) document.addEventListener(name, listener);
    return () => listeners.forEach(([name, listener]) => document.removeEventListener(name, listener));
  }, []);
  return over;
}
