import { useQuery, useQueryClient } from '@tanstack/preact-query';
import { lazy, Suspense } from 'preact/compat';
import type { ComponentChildren } from 'preact';
import { Redirect, Route, Switch, useLocation } from 'wouter-preact';
import { callWithin } from './api/client';
import { ApiProblem } from './api/problem';
import { leaveSession, sessionQuery } from './api/session';
import { ExecutionsPage } from './pages/executions/executions-page';
import { NotFoundPage } from './pages/not-found-page';
import { SignInPage } from './pages/sign-in-page';
import { SessionProvider } from './session-context';
import { Shell } from './shell';
import { idInAddress } from './ui/address-id';
import { ErrorBoundary } from './ui/error-boundary';
import { ErrorNote, Skeleton } from './ui/feedback';

/** The list is where people land; the rest is loaded when it is opened. */
const ExecutionPage = lazy(() => import('./pages/execution/execution-page'));
const RulesPage = lazy(() => import('./pages/rules/rules-page'));
const RulePage = lazy(() => import('./pages/rule/rule-page'));
const RuleEditorPage = lazy(() => import('./pages/rule-editor/rule-editor-page'));
const DestinationsPage = lazy(() => import('./pages/destinations/destinations-page'));
const DestinationPage = lazy(() => import('./pages/destination/destination-page'));
const EventsPage = lazy(() => import('./pages/events/events-page'));
const EventPage = lazy(() => import('./pages/event/event-page'));
const ScorecardsPage = lazy(() => import('./pages/scorecards/scorecards-page'));
const PortfolioPage = lazy(() => import('./pages/portfolio/portfolio-page'));
const SettingsPage = lazy(() => import('./pages/settings/settings-page'));

/** Everything: who is signed in decides what there is. */
export function App() {
  const queries = useQueryClient();
  const session = useQuery(sessionQuery);
  if (session.isPending) return <Skeleton />;
  if (session.isError && !(session.error instanceof ApiProblem && session.error.status === 401)) {
    return <ErrorNote error={session.error} onRetry={() => void session.refetch()} />;
  }
  if (session.data === undefined || session.isError) return <SignInPage />;
  callWithin(session.data.csrf_token, () => {
    leaveSession(queries);
  });
  return (
    <SessionProvider value={session.data}>
      <Shell>
        <PageBoundary>
          <Suspense fallback={<Skeleton />}>
            <Switch>
              <Route path="/executions" component={ExecutionsPage} />
              <Route path="/executions/:id">{({ id }) => <ExecutionPage id={id} />}</Route>
              <Route path="/rules" component={RulesPage} />
              {/* No rule has the id "-". */}
              <Route path="/rules/-/new">
                <RuleEditorPage />
              </Route>
              <Route path="/rules/:id">{({ id }) => <RulePage key={id} id={id} />}</Route>
              <Route path="/rules/:id/edit">{({ id }) => <RuleEditorPage key={id} id={id} />}</Route>
              <Route path="/destinations" component={DestinationsPage} />
              <Route path="/destinations/:origin">{() => <DestinationPage origin={idInAddress()} />}</Route>
              <Route path="/events" component={EventsPage} />
              <Route path="/events/:id">{() => <EventPage id={idInAddress()} />}</Route>
              <Route path="/scorecards">
                <ScorecardsPage tab="scorecards" />
              </Route>
              <Route path="/scorecards/portfolios">
                <ScorecardsPage tab="portfolios" />
              </Route>
              <Route path="/scorecards/portfolios/:id">{() => <PortfolioPage id={idInAddress()} />}</Route>
              <Route path="/settings">
                <Redirect to="/settings/members" replace />
              </Route>
              <Route path="/settings/:tab">{({ tab }) => <SettingsPage tab={tab} />}</Route>
              <Route path="/">
                <Redirect to="/executions" replace />
              </Route>
              <Route path="/sign-in">
                <Redirect to="/executions" replace />
              </Route>
              <Route component={NotFoundPage} />
            </Switch>
          </Suspense>
        </PageBoundary>
      </Shell>
    </SessionProvider>
  );
}

/** A page that failed is drawn anew once somebody goes elsewhere. */
function PageBoundary({ children }: { children: ComponentChildren }) {
  const [location] = useLocation();
  return <ErrorBoundary key={location}>{children}</ErrorBoundary>;
}
