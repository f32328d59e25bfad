/** What of the library is shown, as it stands in the address: a reload or a link shows the same. */

/** @typedef {{ search: string, product: string, status: string, cursors: string[] }} Wanted */

/**
 * @param {URLSearchParams} query
 * @returns {Wanted} cursors: of the pages after the first up to this one, so that there is a way back
 */
export const wantedOf = (query) => ({
  search: query.get('search') ?? '',
  product: query.get('kind') ?? '',
  status: query.get('state') ?? '',
  cursors: query.getAll('after'),
});

/** @param {Wanted} wanted */
export function addressOf({ search, product, status, cursors }) {
  const query = new URLSearchParams();
  if (search) query.set('search', search);
  if (product) query.set('kind', product);
  if (status) query.set('state', status);
  for (const cursor of cursors) query.append('after', cursor);
  return `/library${query.size ? `?${query}` : ''}`;
}

/** The call that answers it. @param {Wanted} wanted @param {number} limit */
export function callOf({ search, product, status, cursors }, limit) {
  const query = new URLSearchParams({ limit: String(limit) });
  if (search) query.set('search', search);
  if (product) query.set('product', product);
  if (status) query.set('status', status);
  if (cursors.length) query.set('cursor', cursors.at(-1));
  return `/v1/video-projects?${query}`;
}
