import { RefreshCw } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { revokeSigningKey, type Destination, type SigningKey } from '../../api/destinations';
import { useMay } from '../../session-context';
import { CopyButton } from '../../ui/copy-button';
import { FormDialog } from '../../ui/form-dialog';
import { SecretOnce } from '../../ui/secret-once';
import { Time } from '../../ui/time';
import { useChange } from '../../ui/use-change';
import { RotateKeyDialog } from './rotate-key-dialog';

/** The keys that sign calls to a destination. */
export function SigningKeysCard({ destination }: { destination: Destination }) {
  const { origin, signing_keys: keys } = destination;
  const [asked, setAsked] = useState<'rotate' | SigningKey>();
  const [secret, setSecret] = useState<string>();
  const mayAdminister = useMay('administer');
  const close = () => {
    setAsked(undefined);
  };
  return (
    <section class="card" aria-labelledby="signing-keys">
      <div class="card-head">
        <h2 id="signing-keys" class="grow">
          Signing keys
        </h2>
        {mayAdminister && (
          <button
            type="button"
            class="button small"
            onClick={() => {
              setAsked('rotate');
            }}
          >
            <RefreshCw size={14} aria-hidden="true" /> {keys.length === 0 ? 'Make a key' : 'Rotate'}
          </button>
        )}
      </div>
      {keys.length === 0 ? (
        <p class="card-body muted">
          The first call makes a key. Make one before that to tell the receiver its secret.
        </p>
      ) : (
        <ul role="list" class="key-list">
          {keys.map((key) => (
            <li key={key.id} class="card-body row">
              <span class="stack-small grow">
                <span class="row">
                  <span class="mono">{key.id}</span>
                  <span class="tag">{key.algorithm === 'v1' ? 'HMAC-SHA256' : 'ed25519'}</span>
                  {key.signs_until === null && <span class="badge good">Newest</span>}
                </span>
                <span class="faint">
                  made <Time at={key.created_at} />
                  {key.signs_until !== null && (
                    <>
                      , signs beside it until it ends <Time at={key.signs_until} />
                    </>
                  )}
                  {!key.shown && ', its secret was shown to nobody'}
                </span>
                {key.public_key !== null && (
                  <span class="row">
                    <span class="mono muted break">{key.public_key}</span>
                    <CopyButton text={key.public_key} what="the public key" />
                  </span>
                )}
              </span>
              {mayAdminister && key.signs_until !== null && (
                <button
                  type="button"
                  class="button small danger"
                  aria-label={`Revoke the key ${key.id}`}
                  onClick={() => {
                    setAsked(key);
                  }}
                >
                  Revoke
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {asked === 'rotate' && (
        <RotateKeyDialog
          destination={destination}
          onClose={close}
          onRotated={(made) => {
            close();
            if (made.secret !== null) setSecret(made.secret);
          }}
        />
      )}
      {typeof asked === 'object' && <RevokeDialog origin={origin} id={asked.id} onClose={close} />}
      {secret !== undefined && (
        <SecretOnce
          title="The new signing secret"
          what="the secret"
          secret={secret}
          onClose={() => {
            setSecret(undefined);
          }}
        />
      )}
    </section>
  );
}

function RevokeDialog({ origin, id, onClose }: { origin: string; id: string; onClose: () => void }) {
  const revoking = useChange({
    change: () => revokeSigningKey(origin, id),
    touches: [['destination', origin]],
    told: 'Revoked: it signs nothing any more.',
    showsError: true,
    onDone: onClose,
  });
  return (
    <FormDialog
      title="Revoke this signing key"
      submit="Revoke it"
      isDangerous
      isPending={revoking.isPending}
      error={revoking.error}
      onClose={onClose}
      onSubmit={() => {
        revoking.mutate(undefined);
      }}
    >
      <p>
        <span class="mono">{id}</span> signs nothing from now on. A receiver that knows only this key refuses
        further calls.
      </p>
    </FormDialog>
  );
}
