// Requests to the inspector. The token of the page's URL goes into a header of each request.

const parameters = new URLSearchParams(location.search);

export const token = parameters.get('token') ?? '';

// The recording that this page shows; null shows the live loop.
export const shownRecording = parameters.get('recording');

export class ApiError extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

export const getJson = (path, values = {}, signal = undefined) =>
  send('GET', path, values, signal);

export const postJson = (path, values = {}) => send('POST', path, values);

// A link cannot carry a header, so it carries the token itself.
export function linkTo(path, values = {}) {
  const url = new URL(path, location.origin);
  url.searchParams.set('token', token);
  for (const [key, value] of Object.entries(values)) {
    url.searchParams.set(key, value);
  }
  return url.pathname + url.search;
}

async function send(method, path, values, signal) {
  const query = new URLSearchParams(values).toString();
  const headers = { 'X-Reactor-Token': token, 'Accept-Language': document.documentElement.lang };
  if (method === 'POST') {
    headers['X-Reactor-Inspector'] = '1';
  }
  const response = await fetch(query ? `${path}?${query}` : path, { method, headers, signal });
  if (!response.ok) {
    throw new ApiError(response.status, await response.text());
  }
  return response.json();
}
