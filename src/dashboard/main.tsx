import { QueryClient, QueryClientProvider } from '@tanstack/preact-query';
import { render } from 'preact';
import { Router } from 'wouter-preact';
import { App } from './app';
import { ApiProblem } from './api/problem';
import { BASE } from './base';
import { ToastProvider } from './ui/toasts';
import { applyKeptTheme } from './ui/theme';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/buttons.css';
import './styles/cards.css';
import './styles/badges.css';
import './styles/tables.css';
import './styles/forms.css';
import './styles/facts.css';
import './styles/code.css';
import './styles/notes.css';
import './styles/dialogs.css';
import './styles/toasts.css';
import './styles/tabs.css';

/** What was read stays good for this long when a page is opened again. Milliseconds. */
const STALE_MS = 5_000;

const MAX_RETRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE_MS,
      // An answer that refuses is an answer: asking again changes nothing.
      retry: (count, error) => count < MAX_RETRIES && !(error instanceof ApiProblem && error.status < 500),
    },
  },
});

applyKeptTheme();
// The page's address changes, and with it what a relative one in it means.
const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
icon?.setAttribute('href', icon.href);
const root = document.getElementById('app');
if (root === null) throw new Error('the page has no #app');
render(
  <QueryClientProvider client={queries}>
    <ToastProvider>
      <Router base={BASE}>
        <App />
      </Router>
    </ToastProvider>
  </QueryClientProvider>,
  root,
);
