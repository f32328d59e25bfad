/** A project of the API as the views need it: what it is called, what it is, where it is. */

import { t } from '../texts.js';

/** @typedef {{ fraction: number, stage: string | null, seconds_left: number | null }} Progress */
/**
 * @typedef {{
 *   id: string, name: string | null, status: string, type: string, created_at: string, width: number, height: number,
 *   start_seconds: number, end_seconds: number, fps: number, credits_charged: number,
 *   error: { code: string, message: string } | null, downloads: { url: string, expires_at: string }[],
 *   progress: Progress, warnings: string[], poster_url?: string | null, hover_url?: string | null,
 *   report?: { name: string, verdict: string, sentence: string }[] | null, seed?: number | null,
 *   duration_seconds?: number | null, size_bytes?: number | null,
 * }} Project
 */

export const PHOTO = 'ai-talking-photo';
export const SYNC = 'lip-sync';

const FINAL = ['complete', 'error', 'canceled'];
const BADGES = { complete: 'good', error: 'danger', rendering: 'accent' };

/** @param {Project} project */
export const isFinal = (project) => FINAL.includes(project.status);

/** Whether a project is a lip sync. The API writes kinds in capitals or as in its paths. @param {Project} project */
export const isSync = (project) => /sync/i.test(project.type);

/** @param {Project} project */
export const nameOf = (project) => project.name || t('watch.unnamed');

/** @param {Project} project */
export const kindOf = (project) => t(isSync(project) ? 'watch.product_sync' : 'watch.product_photo');

/** @param {Project} project */
export const statusOf = (project) => t(`watch.status_${project.status}`);

/** The class of the badge of a state. @param {Project} project */
export const badgeOf = (project) => BADGES[project.status] ?? '';

/** The form that opens as it was. @param {Project} project */
export const againPath = (project) => `/make/${isSync(project) ? 'sync' : 'photo'}?from=${project.id}`;

/** Length of the result in seconds. @param {Project} project */
export const lengthOf = (project) => project.duration_seconds ?? Math.max(0, project.end_seconds - project.start_seconds);

/**
 * An address of this server under the name by which the page was opened: the policy of the page allows no other.
 * @param {string | null | undefined} address
 */
export function local(address) {
  if (!address) return null;
  const url = new URL(address, location.href);
  return url.pathname.startsWith('/media/') || url.pathname.startsWith('/v1/') ? url.pathname + url.search : url.href;
}
