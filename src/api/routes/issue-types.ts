import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf, workspaceOf } from '../auth';
import type { ApiDependencies } from '../server';
import { SEVERITIES } from '../../rules/scale';
import { lineOfText } from '../../rules/text';
import { MAX_NAME_LENGTH } from '../../shared/limits';

const severities = z
  .record(lineOfText(MAX_NAME_LENGTH), z.enum(SEVERITIES))
  .meta({ description: 'The severity of each issue type whose events do not say it.' });

export function issueTypeRoutes(app: ApiApp, { store: { issueTypes } }: ApiDependencies): void {
  app.get(
    '/v1/issue-types',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getIssueTypes',
        tags: ['Issue types'],
        summary: 'Get the severities of issue types',
        response: { 200: severities },
      },
    },
    async (request) => issueTypes.all(workspaceOf(request)),
  );

  app.put(
    '/v1/issue-types',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'putIssueTypes',
        tags: ['Issue types'],
        summary: 'Replace the severities of issue types',
        body: severities,
        response: { 200: severities },
      },
    },
    async (request) => {
      await issueTypes.set(changeOf(request), request.body);
      return issueTypes.all(workspaceOf(request));
    },
  );
}
