/** Signing in: by the link that the server printed, whose code stands behind the # and so in no log, or by a key. */

import { html, useEffect, useState, useStore } from '../lib.js';
import { navigate, place, useTitle } from '../router.js';
import { session, signIn } from '../session.js';
import { t } from '../texts.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Mark } from '../ui/mark.js';
import { Loading, Note } from '../ui/states.js';

/** Where to go after signing in: a page of the studio, never another site. @param {URLSearchParams} query */
function destination(query) {
  const wanted = query.get('next') ?? '';
  return /^\/(?![/\\])/.test(wanted) && !wanted.startsWith('/sign-in') ? wanted : '/';
}

export function SignInPage() {
  useTitle(t('shell.signInHeading'));
  const here = useStore(place);
  const { state, ended } = useStore(session);
  const [key, setKey] = useState('');
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const [linkProblem, setLinkProblem] = useState(/** @type {string | null} */ (null));
  const code = new URLSearchParams(here.hash.slice(1)).get('code');
  const goOn = () => (here.path === '/sign-in' ? navigate(destination(here.query), { replace: true }) : null);

  useEffect(() => {
    if (!code) {
      if (state === 'in') goOn();
      return;
    }
    // The code is good once: it leaves the address before anything else.
    navigate(here.path + location.search, { replace: true });
    setBusy(true);
    signIn({ code }).then(goOn, (error) => {
      setBusy(false);
      if (state === 'in') goOn();
      else setLinkProblem(error.status === 401 ? t('shell.linkUsed') : error.message);
    });
  }, [code]);

  const submit = (event) => {
    event.preventDefault();
    const written = key.trim();
    if (!written) return setProblem(t('shell.keyMissing'));
    setBusy(true);
    setProblem(null);
    return signIn({ key: written }).then(goOn, (error) => {
      setBusy(false);
      setProblem(error.status === 401 ? t('shell.keyWrong') : error.message);
    });
  };

  return html`<main class="sign-in">
    <div class="sign-in-words"><${Mark} size=${56} /><h1>${t('shell.signInTitle')}</h1><p>${t('shell.signInLead')}</p></div>
    <section class="card sign-in-card" aria-labelledby="sign-in-heading">
      <h2 id="sign-in-heading">${t('shell.signInHeading')}</h2>
      ${ended && !linkProblem && html`<${Note} live>${t('shell.sessionEnded')}<//>`}
      ${linkProblem && html`<${Note} kind="danger" live>${linkProblem}<//>`}
      ${busy && code ? html`<${Loading} label=${t('shell.signingIn')} />` : html`<form class="stack" onSubmit=${submit} novalidate>
        <${Field} label=${t('shell.key')} hint=${t('shell.keyHint')} problem=${problem}>
          ${(ids) => html`<div class="with-action"><input class="input mono" type=${shown ? 'text' : 'password'} value=${key}
            onInput=${(event) => setKey(event.target.value)} autocomplete="current-password" spellcheck="false"
            autocapitalize="off" ...${ids} />
            <${Button} onClick=${() => setShown(!shown)} aria-pressed=${shown}>${shown ? t('shell.hide') : t('shell.show')}<//></div>`}
        <//>
        <${Button} kind="primary" type="submit" wide busy=${busy}>${busy ? t('shell.signingIn') : t('shell.signIn')}<//>
      </form>
      <p class="hint">${t('shell.linkHint')}</p>`}
    </section>
  </main>`;
}
