import { ExternalLink } from 'lucide-preact';
import { BASE } from '../../base';
import { useSession } from '../../session-context';
import { THEMES, useTheme, type Theme } from '../../ui/theme';

const LABELS: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };

/** How the pages look here, and what runs behind them. */
export function AboutTab() {
  const [theme, setTheme] = useTheme();
  const { version, temporal_ui: temporalUi, workspace, key, role } = useSession();
  return (
    <>
      <section class="card" aria-labelledby="appearance">
        <div class="card-head">
          <h2 id="appearance">Appearance</h2>
        </div>
        <div class="card-body stack-small">
          <div class="chips" role="group" aria-label="Theme">
            {THEMES.map((one) => (
              <button
                key={one}
                type="button"
                class="chip"
                aria-pressed={theme === one}
                onClick={() => {
                  setTheme(one);
                }}
              >
                {LABELS[one]}
              </button>
            ))}
          </div>
          <p class="faint">Kept in this browser.</p>
        </div>
      </section>
      <section class="card" aria-labelledby="about">
        <div class="card-head">
          <h2 id="about">About</h2>
        </div>
        <dl class="facts card-body">
          <div>
            <dt>Version</dt>
            <dd>{version}</dd>
          </div>
          <div>
            <dt>Workspace</dt>
            <dd>{workspace}</dd>
          </div>
          <div>
            <dt>Signed in with</dt>
            <dd>
              {key.name} <span class="faint">({role})</span>
            </dd>
          </div>
          <div>
            <dt>API</dt>
            <dd>
              <a href={`${BASE}/docs`} class="row">
                Documentation <ExternalLink size={14} aria-hidden="true" />
              </a>
            </dd>
          </div>
          {temporalUi !== null && (
            <div>
              <dt>Temporal</dt>
              <dd>
                <a href={temporalUi} target="_blank" rel="noreferrer" class="row">
                  Its own pages <ExternalLink size={14} aria-hidden="true" />
                </a>
              </dd>
            </div>
          )}
        </dl>
      </section>
    </>
  );
}
