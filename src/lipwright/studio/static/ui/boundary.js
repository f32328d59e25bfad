/** Keeps a fault in one view from blanking the page. */

import { html } from '../lib.js';
import { Component } from '../vendor/preact.js';
import { ErrorState } from './states.js';

export class Boundary extends Component {
  state = { error: null };

  componentDidCatch(error) {
    console.error(error);
    this.setState({ error });
  }

  render({ children }, { error }) {
    if (!error) return children;
    return html`<${ErrorState} top error=${error} retry=${() => this.setState({ error: null })} />`;
  }
}
