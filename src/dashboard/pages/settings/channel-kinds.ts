import type { Channel } from '../../api/channels';

export const CHANNELS: Record<Channel['kind'], { label: string; hint: string }> = {
  slack: { label: 'Slack', hint: 'The address of an incoming webhook.' },
  teams: { label: 'Microsoft Teams', hint: 'The address of a webhook of the Workflows app.' },
  webhook: {
    label: 'Webhook',
    hint: 'An endpoint of your own; calls are signed as Standard Webhooks has it.',
  },
};
