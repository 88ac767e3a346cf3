import { useInfiniteQuery } from '@tanstack/preact-query';
import { Send } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { channelsQuery, deleteChannel, testChannel, type Channel } from '../../api/channels';
import { useMay } from '../../session-context';
import { EditableList } from '../../ui/editable-list';
import { EmptyState } from '../../ui/feedback';
import { RemoveDialog } from '../../ui/remove-dialog';
import { SecretOnce } from '../../ui/secret-once';
import { duration } from '../../ui/time';
import { useToasts } from '../../ui/toasts';
import { useAsked } from '../../ui/use-asked';
import { useChange } from '../../ui/use-change';
import { ChannelDialog } from './channel-dialog';
import { CHANNELS } from './channel-kinds';
import { SettingsCard } from './settings-card';

export function ChannelsTab() {
  const list = useInfiniteQuery(channelsQuery);
  const asked = useAsked<Channel>();
  const [secret, setSecret] = useState<string>();
  const mayAdminister = useMay('administer');
  return (
    <SettingsCard
      label="Notification channels"
      about="Where notices go besides e-mail. Rules name the channels that they tell."
      add={mayAdminister ? 'Add a channel' : undefined}
      onAdd={asked.add}
    >
      <EditableList
        list={list}
        empty={
          <EmptyState title="There is no channel yet">
            <p>Add a Slack or Teams channel, or a webhook of your own, then name it in a rule.</p>
          </EmptyState>
        }
        head={
          <>
            <th scope="col">Channel</th>
            <th scope="col">Kind</th>
            <th scope="col">Goes to</th>
          </>
        }
        idOf={({ id }) => id}
        nameOf={({ id, name }) => name ?? id}
        mayChange={mayAdminister}
        asked={asked}
        form={(channel) => (
          <ChannelDialog
            channel={channel}
            onClose={asked.close}
            onSaved={(made) => {
              asked.close();
              setSecret(made ?? undefined);
            }}
          />
        )}
        removal={(channel) => (
          <RemoveDialog
            title={`Remove ${channel.name ?? channel.id}`}
            remove={() => deleteChannel(channel.id)}
            touches={[['channels']]}
            told="Removed."
            onClose={asked.close}
          >
            <p>It cannot be removed while a rule names it.</p>
          </RemoveDialog>
        )}
      >
        {(channel) => (
          <>
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
          </>
        )}
      </EditableList>
      {secret !== undefined && (
        <SecretOnce
          title="The channel’s signing secret"
          what="the secret"
          secret={secret}
          onClose={() => {
            setSecret(undefined);
          }}
        />
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
