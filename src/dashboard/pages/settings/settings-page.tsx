import type { ComponentType } from 'preact';
import { Redirect } from 'wouter-preact';
import { useMay } from '../../session-context';
import { PageHead } from '../../ui/page-head';
import { Tabs } from '../../ui/tabs';
import { AboutTab } from './about-tab';
import { ApiKeysTab } from './api-keys-tab';
import { AuditTab } from './audit-tab';
import { BulkOperationsTab } from './bulk-operations-tab';
import { ChannelsTab } from './channels-tab';
import { CredentialsTab } from './credentials-tab';
import { EventTypesTab } from './event-types-tab';
import { MembersTab } from './members-tab';
import '../../styles/settings.css';

interface Tab {
  name: string;
  label: string;
  Content: ComponentType;
  /** Others are refused by the service. */
  forAdmins?: true;
}

const TABS: readonly Tab[] = [
  { name: 'members', label: 'Members', Content: MembersTab },
  { name: 'channels', label: 'Notifications', Content: ChannelsTab },
  { name: 'event-types', label: 'Event types', Content: EventTypesTab },
  { name: 'credentials', label: 'Credentials', Content: CredentialsTab },
  { name: 'api-keys', label: 'API keys', Content: ApiKeysTab, forAdmins: true },
  { name: 'bulk-operations', label: 'Bulk operations', Content: BulkOperationsTab },
  { name: 'audit', label: 'Audit log', Content: AuditTab, forAdmins: true },
  { name: 'about', label: 'Appearance and about', Content: AboutTab },
];

/** Everything that is set for the workspace. @param tab as the address names it */
export default function SettingsPage({ tab }: { tab: string }) {
  const mayAdminister = useMay('administer');
  const tabs = TABS.filter(({ forAdmins }) => forAdmins !== true || mayAdminister);
  const shown = tabs.find(({ name }) => name === tab);
  if (shown === undefined) return <Redirect to="/settings/members" replace />;
  return (
    <>
      <PageHead title={`${shown.label}, settings`} heading="Settings" />
      <Tabs
        label="Settings"
        tabs={tabs.map(({ name, label }) => ({ href: `/settings/${name}`, label }))}
        current={`/settings/${tab}`}
      />
      <shown.Content />
    </>
  );
}
