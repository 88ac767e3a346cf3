import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf } from '../auth';
import { problemOf } from '../problem-of';
import { ruleDocumentOf } from '../schemas/rule';
import type { ApiDependencies } from '../server';
import { uncallableSteps } from '../../destinations/uncallable';
import { validateRulebookDocument } from '../../rules/rulebook-document';

const written = z
  .record(z.string(), z.unknown())
  .meta({ id: 'UncheckedRule', description: 'A rule, or as much of it as there is yet.' });

const checked = z
  .object({
    problems: z.array(z.object({ path: z.string(), message: z.string() })).meta({
      description: 'What is wrong, and where: `steps[0].url`. Empty: it can be saved.',
    }),
    outcome: z
      .enum(['created', 'updated', 'unchanged'])
      .nullable()
      .meta({ description: 'What saving it would do. Null while something is wrong.' }),
  })
  .meta({ id: 'RuleCheck', description: 'What would come of saving a rule.' });

/** Checking a rule while it is written: what is wrong with it is the answer, not a failure. */
export function ruleCheckRoutes(app: ApiApp, { store, urlCheck }: ApiDependencies): void {
  app.post(
    '/v1/rules/check',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'checkRule',
        tags: ['Rules'],
        summary: 'Tell what is wrong with a rule, and what saving it would do',
        description: 'Saves nothing.',
        body: written,
        response: { 200: checked },
      },
    },
    async (request): Promise<z.input<typeof checked>> => {
      try {
        const document = ruleDocumentOf(request.body);
        const uncallable = await uncallableSteps(urlCheck, [{ at: [], document }]);
        if (uncallable.length > 0) return { problems: uncallable, outcome: null };
        const { document: rulebook } = validateRulebookDocument(document);
        const { rules } = await store.apply(changeOf(request), rulebook, { dryRun: true });
        return { problems: [], outcome: rules[0]?.outcome ?? null };
      } catch (error) {
        const { kind, more } = problemOf(error);
        if (kind !== 'invalid') throw error;
        // The store speaks of a document of rules, of which this is the only one.
        const found = (more.errors ?? []).map(({ path, message }) => ({
          path: path.replace(/^rules\[0\]\.?/, ''),
          message,
        }));
        return { problems: found, outcome: null };
      }
    },
  );
}
