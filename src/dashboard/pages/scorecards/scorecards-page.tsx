import { PageHead } from '../../ui/page-head';
import { Tabs } from '../../ui/tabs';
import { PortfoliosTab } from './portfolios-tab';
import { ScorecardsTab } from './scorecards-tab';
import '../../styles/scorecards.css';

const TABS = [
  { href: '/scorecards', label: 'Scorecards' },
  { href: '/scorecards/portfolios', label: 'Portfolios' },
] as const;

/** What rules watch. */
export default function ScorecardsPage({ tab }: { tab: 'scorecards' | 'portfolios' }) {
  return (
    <>
      <PageHead
        title={tab === 'scorecards' ? 'Scorecards' : 'Portfolios'}
        heading="Scorecards"
        about="The companies that rules watch, and groups of them."
      />
      <Tabs
        label="Scorecards and portfolios"
        tabs={TABS}
        current={tab === 'scorecards' ? TABS[0].href : TABS[1].href}
      />
      {tab === 'scorecards' ? <ScorecardsTab /> : <PortfoliosTab />}
    </>
  );
}
