import { JSDOM } from 'jsdom'

/**
 * Gives the globals of a browser to this process. `fetch` stays Node's own. Call it before React is imported.
 */
export function openBrowser() {
  const { window } = new JSDOM('<!doctype html><div id="root"></div>', { url: 'http://127.0.0.1/' })
  for (const name of ['window', 'document', 'navigator', 'localStorage', 'sessionStorage']) {
    Object.defineProperty(globalThis, name, { configurable: true, value: window[name] })
  }
  return {
    text: id => window.document.getElementById(id)?.textContent ?? '',
    click: id => window.document.getElementById(id).click(),
    focus: () => window.dispatchEvent(new window.Event('focus')),
    isBusy: () => window.document.querySelector('main')?.getAttribute('aria-busy') !== 'false',
    isEnabled: id => window.document.getElementById(id)?.disabled === false,
    root: window.document.getElementById('root'),
    /** Returns how many items the page has on disk. */
    storedItems: () => window.localStorage.length + window.sessionStorage.length,
    close: () => window.close(),
  }
}
