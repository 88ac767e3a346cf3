import { useInfiniteQuery } from '@tanstack/preact-query';
import { Send } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { channelsQuery, deleteChannel, testChannel, type Channel } from '../../api/channels';
import { useMay } from '../../session-context';
import { EmptyState } from '../../ui/feedback';
import { Listing } from '../../ui/listing';
import { RemoveDialog } from '../../ui/remove-dialog';
import { RowActions } from '../../ui/row-actions';
import { SecretOnce } from '../../ui/secret-once';
import { duration } from '../../ui/time';
import { useToasts } from '../../ui/toasts';
import { useChange } from '../../ui/use-change';
import { ChannelDialog } from './channel-dialog';
import { CHANNELS } from './channel-kinds';
import { ActionsHead, SettingsCard } from './settings-card';

type Asked =
  { what: 'add' } | { what: 'edit' | 'remove'; channel: Channel } | { what: 'show'; secret: string };

export function ChannelsTab() {
  const list = useInfiniteQuery(channelsQuery);
  const [asked, setAsked] = useState<Asked>();
  const mayAdminister = useMay('administer');
  const close = () => {
    setAsked(undefined);
  };
  return (
    <SettingsCard
      label="Notification channels"
      about="Where notices go besides e-mail. Rules name the channels that they tell."
      add={mayAdminister ? 'Add a channel' : undefined}
      onAdd={() => {
        setAsked({ what: 'add' });
      }}
    >
      <Listing
        list={list}
        empty={
          <EmptyState title="There is no channel yet">
            <p>Add a Slack or Teams channel, or a webhook of your own, then name it in a rule.</p>
          </EmptyState>
        }
      >
        {(channels) => (
          <div class="table-wrap">
            <table class="list stacks">
              <thead>
                <tr>
                  <th scope="col">Channel</th>
                  <th scope="col">Kind</th>
                  <th scope="col">Goes to</th>
                  {mayAdminister && <ActionsHead />}
                </tr>
              </thead>
              <tbody>
                {channels.map((channel) => (
                  <tr key={channel.id}>
                    <td>
                      <span class="stack-small">
                        {channel.name !== null && <span>{channel.name}</span>}
                        <span class="mono muted">{channel.id}</span>
                      </span>
                    </td>
                    <td>
                      <span class="row">
                        {CHANNELS[channel.kind].label}
                        {mayAdminister && <TestButton channel={channel} />}
                      </span>
                    </td>
                    <td class="break muted">{channel.origin}</td>
                    {mayAdminister && (
                      <td class="actions-cell">
                        <RowActions
                          name={channel.name ?? channel.id}
                          onEdit={() => {
                            setAsked({ what: 'edit', channel });
                          }}
                          onRemove={() => {
                            setAsked({ what: 'remove', channel });
                          }}
                        />
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Listing>
      {(asked?.what === 'add' || asked?.what === 'edit') && (
        <ChannelDialog
          channel={asked.what === 'edit' ? asked.channel : undefined}
          onClose={close}
          onSaved={(secret) => {
            setAsked(secret === null ? undefined : { what: 'show', secret });
          }}
        />
      )}
      {asked?.what === 'show' && (
        <SecretOnce
          title="The channel’s signing secret"
          what="the secret"
          secret={asked.secret}
          onClose={close}
        />
      )}
      {asked?.what === 'remove' && (
        <RemoveDialog
          title={`Remove ${asked.channel.name ?? asked.channel.id}`}
          remove={() => deleteChannel(asked.channel.id)}
          touches={[['channels']]}
          told="Removed."
          onClose={close}
        >
          <p>It cannot be removed while a rule names it.</p>
        </RemoveDialog>
      )}
    </SettingsCard>
  );
}

function TestButton({ channel }: { channel: Channel }) {
  const { tell, tellOf } = useToasts();
  const testing = useChange({
    change: () => testChannel(channel.id),
    touches: [],
    onDone: ({ sent, error, duration_ms: took }) => {
      if (sent) tell(`The test message was taken after ${duration(took)}.`);
      else tellOf(`The test message was not taken: ${error ?? 'no answer came'}`);
    },
  });
  return (
    <button
      type="button"
      class="button small"
      aria-label={`Test ${channel.name ?? channel.id}`}
      disabled={testing.isPending}
      onClick={() => {
        testing.mutate(undefined);
      }}
    >
      <Send size={13} aria-hidden="true" /> Test
    </button>
  );
}
