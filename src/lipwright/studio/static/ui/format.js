/** Figures as people read them. */

const LOCALE = 'en';
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const day = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium' });
const dayAndTime = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });

/** 12345 → "12,345". @param {number} value */
export const count = (value) => whole.format(value);

/** A number of credits in words. @param {number} value */
export const credits = (value) => (value === 1 ? '1 credit' : `${whole.format(value)} credits`);

/** Seconds on a clock: 65.4 → "1:05"; with tenths "1:05.4". @param {number} seconds @param {boolean} [tenths] */
export function clock(seconds, tenths = false) {
  const step = tenths ? 10 : 1;
  const all = Math.round(Math.max(0, seconds) * step) / step;
  const minutes = Math.floor(all / 60);
  const rest = (all - minutes * 60).toFixed(tenths ? 1 : 0).padStart(tenths ? 4 : 2, '0');
  return `${minutes}:${rest}`;
}

/** A length in words: 4 → "4 s", 75 → "1 min 15 s", 4000 → "1 h 7 min". @param {number} seconds */
export function duration(seconds) {
  if (seconds < 9.95) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  if (seconds < 3600) {
    const all = Math.round(seconds);
    return all % 60 && all < 600 ? `${Math.floor(all / 60)} min ${all % 60} s` : `${Math.round(all / 60)} min`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}

/** 1536000 → "1.5 MB". @param {number} count */
export function bytes(count) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = count;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 10 || !unit ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit]}`;
}

/** A day. @param {string | Date} moment */
export const date = (moment) => day.format(new Date(moment));
/** A day with its time. @param {string | Date} moment */
export const when = (moment) => dayAndTime.format(new Date(moment));

/** "5 minutes ago", and a date where that is long. @param {string | Date} moment */
export function ago(moment) {
  const seconds = (new Date(moment).getTime() - Date.now()) / 1000;
  for (const [unit, size, below] of [['second', 1, 60], ['minute', 60, 3600], ['hour', 3600, 86400], ['day', 86400, 604800]]) {
    if (-seconds < below) return relative.format(Math.round(seconds / size), /** @type {any} */ (unit));
  }
  return date(moment);
}
