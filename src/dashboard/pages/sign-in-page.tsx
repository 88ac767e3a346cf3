import { useMutation, useQueryClient } from '@tanstack/preact-query';
import { useEffect, useRef, useState } from 'preact/hooks';
import { sessionQuery, signIn } from '../api/session';
import icon from '../icon.svg';
import { ErrorNote } from '../ui/feedback';
import '../styles/sign-in.css';

/** Signing in with an API key; with a one-time link, nothing is left to be typed. */
export function SignInPage() {
  const queries = useQueryClient();
  const [key, setKey] = useState('');
  const asked = useRef(false);
  const signing = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => {
      queries.setQueryData(sessionQuery.queryKey, session);
    },
  });
  const { mutate } = signing;

  useEffect(() => {
    document.title = 'Sign in · Rule webhooks';
    const token = new URLSearchParams(location.hash.slice(1)).get('token');
    if (token === null || asked.current) return;
    asked.current = true;
    // Used up by now, and nobody's business afterwards.
    history.replaceState(null, '', location.pathname);
    mutate({ token });
  }, [mutate]);

  return (
    <main class="sign-in">
      <form
        class="card sign-in-card"
        onSubmit={(event) => {
          event.preventDefault();
          mutate({ key: key.trim() });
        }}
      >
        <img src={icon} alt="" width={36} height={36} />
        <h1>Rule webhooks</h1>
        <div class="field">
          <label for="key">API key</label>
          <input
            id="key"
            class="input mono"
            type="password"
            autocomplete="current-password"
            required
            placeholder="rwk_…"
            value={key}
            onInput={(event) => {
              setKey(event.currentTarget.value);
            }}
          />
        </div>
        {signing.isError && <ErrorNote error={signing.error} />}
        <button type="submit" class="button primary" disabled={signing.isPending}>
          {signing.isPending ? 'Signing in …' : 'Sign in'}
        </button>
        <p class="faint">
          On the machine of the service, <code>rule-webhooks dashboard</code> prints a link that signs you in
          once.
        </p>
      </form>
    </main>
  );
}
