import { useQuery } from '@tanstack/preact-query';
import { ExternalLink } from 'lucide-preact';
import { Link } from 'wouter-preact';
import { isNotFound } from '../../api/client';
import { executionQuery } from '../../api/executions';
import { useLiveExecutions } from '../../api/live-executions';
import { useSession } from '../../session-context';
import { Code } from '../../ui/code';
import { CopyButton } from '../../ui/copy-button';
import { EmptyState, ErrorNote, Skeleton } from '../../ui/feedback';
import { PageHead } from '../../ui/page-head';
import { StatusBadge } from '../../ui/status-badge';
import { ExecutionActions } from './execution-actions';
import { ExecutionFacts } from './execution-facts';
import { ExecutionNotes } from './execution-notes';
import { MailCard } from './mail-card';
import { StepCard } from './step-card';
import '../../styles/execution.css';

/** One execution: its chain of calls as a timeline. */
export default function ExecutionPage({ id }: { id: string }) {
  useLiveExecutions();
  const { temporal_ui: temporalUi } = useSession();
  const { data: execution, error, refetch } = useQuery(executionQuery(id));
  if (execution === undefined) {
    if (error === null) return <Skeleton lines={10} />;
    if (!isNotFound(error)) return <ErrorNote error={error} onRetry={() => void refetch()} />;
    return (
      <div class="card">
        <PageHead
          title="No such execution"
          heading={<span class="visually-hidden">No such execution</span>}
        />
        <EmptyState title="There is no such execution">
          <p>
            It may be older than the retention. <Link href="/executions">See all executions</Link>
          </p>
        </EmptyState>
      </div>
    );
  }
  const { rule } = execution;
  return (
    <>
      <PageHead
        title={rule.name}
        heading={
          <span class="row">
            {rule.name} <StatusBadge status={execution.status} />
            {execution.test && <span class="tag">trial</span>}
          </span>
        }
        crumbs={[{ href: '/executions', label: 'Executions' }]}
        about={
          <span class="row">
            <span class="mono break">{execution.execution_id}</span>
            <CopyButton text={execution.execution_id} what="the execution’s id" />
            {temporalUi !== null && (
              <a
                href={`${temporalUi}/workflows/${encodeURIComponent(execution.workflow_id)}`}
                target="_blank"
                rel="noreferrer"
                class="row nowrap"
              >
                Open in Temporal <ExternalLink size={14} aria-hidden="true" />
              </a>
            )}
          </span>
        }
      >
        <ExecutionActions execution={execution} />
      </PageHead>
      {error !== null && <ErrorNote error={error} onRetry={() => void refetch()} />}
      <ExecutionNotes execution={execution} />
      <ExecutionFacts execution={execution} />
      <ol class="chain" role="list">
        {execution.steps.map((step, index) => (
          <StepCard key={step.id} step={step} index={index} execution={execution} />
        ))}
      </ol>
      {execution.escalation !== null && <MailCard escalation={execution.escalation} />}
      <section class="card" aria-labelledby="trigger">
        <div class="card-head">
          <h2 id="trigger">What triggered it</h2>
        </div>
        <div class="card-body">
          <Code text={JSON.stringify(execution.trigger)} label="The trigger" />
        </div>
      </section>
    </>
  );
}
