// The texts of the page in English and Chinese, from the table that the server uses for /text too.

let table = { en: {} };
let language = 'en';

export async function loadStrings() {
  table = await (await fetch('/strings.json')).json();
  const wanted = new URLSearchParams(location.search).get('lang')
    ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
  setLanguage(wanted);
}

export const currentLanguage = () => language;

// The choice stays in the URL, so that a link opens in the same language.
export function setLanguage(wanted) {
  language = wanted in table ? wanted : 'en';
  const url = new URL(location.href);
  if (url.searchParams.get('lang') !== language) {
    url.searchParams.set('lang', language);
    history.replaceState(null, '', url);
  }
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
}

export function t(key, values = {}) {
  const text = table[language][key] ?? table.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// A word of the library, such as a state of a connection; the given one if the table has none.
export const word = (what, given) => table[language][`value.${what}.${given}`] ?? given;

// Elements with data-t have a fixed text, those with data-t-label a fixed label.
export function translatePage() {
  document.title = t('title');
  for (const element of document.querySelectorAll('[data-t]')) {
    element.textContent = t(element.dataset.t);
  }
  for (const element of document.querySelectorAll('[data-t-label]')) {
    element.setAttribute('aria-label', t(element.dataset.tLabel));
  }
}
