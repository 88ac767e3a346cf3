import type { ComponentChildren } from 'preact';
import { useQuery } from '@tanstack/preact-query';
import { Link } from 'wouter-preact';
import { isNotFound } from '../../api/client';
import { ruleQuery } from '../../api/rules';
import { useMay } from '../../session-context';
import { EmptyState, ErrorNote, Skeleton } from '../../ui/feedback';
import { PageHead } from '../../ui/page-head';
import { RuleEditor } from './rule-editor';
import '../../styles/rules.css';
import '../../styles/rule-editor.css';

/** The builder: of a new rule, or of the one with an id. */
export default function RuleEditorPage({ id }: { id?: string }) {
  const mayWrite = useMay('write');
  if (!mayWrite) {
    return (
      <Nothing title="Your key may read only">
        <p>
          Building and changing rules is for the roles editor and admin.{' '}
          <Link href="/rules">See all rules</Link>
        </p>
      </Nothing>
    );
  }
  return id === undefined ? <RuleEditor stored={null} /> : <ExistingRule id={id} />;
}

function ExistingRule({ id }: { id: string }) {
  const { data: rule, error, refetch } = useQuery(ruleQuery(id));
  if (rule !== undefined) return <RuleEditor stored={rule} />;
  if (error === null) return <Skeleton lines={10} />;
  if (!isNotFound(error)) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  return (
    <Nothing title="There is no such rule">
      <p>
        Somebody may have deleted it. <Link href={`/rules/${id}`}>Look for its history</Link>
      </p>
    </Nothing>
  );
}

function Nothing({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="card">
      <PageHead title={title} heading={<span class="visually-hidden">{title}</span>} />
      <EmptyState title={title}>{children}</EmptyState>
    </div>
  );
}
