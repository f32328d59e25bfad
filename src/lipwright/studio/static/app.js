/** The studio: its frame, its pages, and who may see them. */

import { html, render, useEffect, useRef, useState, useStore } from './lib.js';
import { place } from './router.js';
import { openSession, session } from './session.js';
import { Frame } from './shell/frame.js';
import { NotHere } from './shell/not-here.js';
import { SignInPage } from './shell/sign-in.js';
import { Boundary } from './ui/boundary.js';
import { ErrorState, Loading } from './ui/states.js';
import { Toasts } from './ui/toast.js';

/** Paths, the module that draws each, and the component in it. A page is loaded when it is first opened. */
const PAGES = [
  { path: /^\/(?:make\/photo)?$/, load: () => import('./make/photo.js'), component: 'PhotoPage' },
  { path: /^\/make\/sync$/, load: () => import('./make/sync.js'), component: 'SyncPage' },
  { path: /^\/jobs\/(?<id>[^/]+)$/, load: () => import('./watch/page.js'), component: 'WatchPage' },
  { path: /^\/library$/, load: () => import('./library/page.js'), component: 'LibraryPage' },
  { path: /^\/account(?:\/(?<section>keys|webhooks))?$/, load: () => import('./account/page.js'), component: 'AccountPage' },
];

function Page() {
  const { path, query } = useStore(place);
  const [loaded, setLoaded] = useState(/** @type {any} */ ({}));
  const [attempt, setAttempt] = useState(0);
  const page = PAGES.find((one) => one.path.test(path));
  useEffect(() => {
    let wanted = true;
    page?.load().then(
      (module) => wanted && setLoaded({ page, View: module[page.component] }),
      (error) => wanted && setLoaded({ page, error }),
    );
    return () => {
      wanted = false;
    };
  }, [page, attempt]);
  if (!page) return html`<${NotHere} />`;
  if (loaded.page !== page) return html`<${Loading} />`;
  if (loaded.error) return html`<${ErrorState} top error=${loaded.error} retry=${() => setAttempt(attempt + 1)} />`;
  const parameters = page.path.exec(path)?.groups ?? {};
  // A key: another job, or another project to start from, is another view rather than the same one changed.
  return html`<${loaded.View} key=${path + query.toString()} query=${query} ...${parameters} />`;
}

function App() {
  const { state } = useStore(session);
  const { path } = useStore(place);
  const [failed, setFailed] = useState(/** @type {Error | null} */ (null));
  const main = useRef(null);
  const open = () => {
    setFailed(null);
    openSession().catch(setFailed);
  };
  useEffect(open, []);
  // A screen reader begins at the new page, as after a reload.
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [path]);

  if (failed) return html`<main><${ErrorState} top error=${failed} retry=${open} /></main>`;
  if (state === 'unknown') return html`<main><${Loading} /></main>`;
  if (state === 'out' || path === '/sign-in') return html`<${SignInPage} /><${Toasts} />`;
  return html`<${Frame}><main id="main" tabindex="-1" ref=${main}><${Boundary} key=${path}><${Page} /><//></main><//>
    <${Toasts} />`;
}

render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
