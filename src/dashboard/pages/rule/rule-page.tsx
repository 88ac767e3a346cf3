import { useQuery } from '@tanstack/preact-query';
import { Link } from 'wouter-preact';
import { isNotFound } from '../../api/client';
import { ruleQuery } from '../../api/rules';
import { textAt } from '../../rules/document';
import { RuleState } from '../../rules/rule-state';
import { useSentence } from '../../rules/use-sentence';
import { CopyButton } from '../../ui/copy-button';
import { ErrorNote, Skeleton } from '../../ui/feedback';
import { PageHead } from '../../ui/page-head';
import { useUrlState } from '../../ui/url-state';
import { NoSuchRule } from './no-such-rule';
import { RuleActions } from './rule-actions';
import { RuleHistory } from './rule-history';
import { RuleOverview } from './rule-overview';
import { TryRule } from './try-rule';
import '../../styles/rules.css';

const TABS = [
  { value: undefined, label: 'Overview' },
  { value: 'try', label: 'Try it' },
  { value: 'history', label: 'History' },
] as const;

/** One rule: what it says, how it did, and what it was. */
export default function RulePage({ id }: { id: string }) {
  const [{ tab }] = useUrlState(['tab']);
  const { data: rule, error, refetch } = useQuery(ruleQuery(id));
  const sentence = useSentence();
  if (rule === undefined) {
    if (error === null) return <Skeleton lines={10} />;
    if (isNotFound(error)) return <NoSuchRule id={id} />;
    return <ErrorNote error={error} onRetry={() => void refetch()} />;
  }
  const name = textAt(rule.document, ['name']);
  return (
    <>
      <PageHead
        title={name}
        heading={
          <span class="row">
            {name} <RuleState document={rule.document} />
          </span>
        }
        crumbs={[{ href: '/rules', label: 'Rules' }]}
        about={
          <span class="row">
            <span class="mono break">{id}</span>
            <CopyButton text={id} what="the rule’s id" />
          </span>
        }
      >
        <RuleActions rule={rule} />
      </PageHead>
      {error !== null && <ErrorNote error={error} onRetry={() => void refetch()} />}
      <p class="rule-sentence">{sentence(rule.document)}</p>
      <nav class="tabs" aria-label="About this rule">
        {TABS.map(({ value, label }) => (
          <Link
            key={label}
            href={`/rules/${id}${value === undefined ? '' : `?tab=${value}`}`}
            class="tab"
            aria-current={tab === value ? 'page' : undefined}
          >
            {label}
          </Link>
        ))}
      </nav>
      {tab === 'try' ? (
        <TryRule rule={rule} />
      ) : tab === 'history' ? (
        <RuleHistory rule={rule} />
      ) : (
        <RuleOverview rule={rule} />
      )}
    </>
  );
}
