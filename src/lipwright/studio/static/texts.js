/** Every English text of the studio, by area. A translation is another set of these files. */

import account from './texts/account.js';
import library from './texts/library.js';
import make from './texts/make.js';
import player from './texts/player.js';
import shell from './texts/shell.js';
import watch from './texts/watch.js';

const AREAS = { shell, make, watch, player, library, account };

/**
 * @param {string} key area, a dot, and the name of the text
 * @param {Record<string, string | number>} [values] put in the place of {name}
 */
export function t(key, values = {}) {
  const dot = key.indexOf('.');
  const text = AREAS[key.slice(0, dot)]?.[key.slice(dot + 1)];
  if (text === undefined) throw new Error(`no text named ${key}`);
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
