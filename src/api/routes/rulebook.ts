import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf } from '../auth';
import { readYaml, YAML_TYPES } from '../body-parsers';
import { invalid, problems } from '../problem';
import { flag } from '../schemas/flag';
import { rulebookBody, rulebookDocumentOf } from '../schemas/rulebook';
import type { ApiDependencies } from '../server';
import { uncallableSteps } from '../../destinations/uncallable';

/** As large as a rules file may be. Bytes. */
const MAX_RULEBOOK_BYTES = 1_048_576;

const outcome = z.enum(['created', 'updated', 'unchanged']);
const applied = z
  .object({
    dry_run: z.boolean(),
    rules: z.array(z.object({ id: z.string(), outcome, version: z.int() })),
    scorecards: z.object({ created: z.int(), updated: z.int(), unchanged: z.int() }),
    portfolios: z.array(z.object({ id: z.string(), outcome })),
  })
  .meta({ id: 'ApplyResult', description: 'What a rulebook changed, or would change.' });

export function rulebookRoutes(app: ApiApp, { store, urlCheck }: ApiDependencies): void {
  // A scope of its own: no other route reads YAML.
  void app.register(async (scope: ApiApp) => {
    readYaml(scope);
    scope.put(
      '/v1/rules',
      {
        config: { access: 'write' },
        bodyLimit: MAX_RULEBOOK_BYTES,
        schema: {
          operationId: 'applyRulebook',
          tags: ['Rules'],
          summary: 'Apply a set of rules and groups',
          description:
            'Creates what is new, updates what differs, leaves the rest alone, and deletes nothing. All of it happens, or ' +
            'nothing. JSON or YAML of at most 1 MB.',
          consumes: ['application/json', ...YAML_TYPES],
          querystring: z.strictObject({
            dry_run: flag.optional().meta({ description: 'Only tells what would change.' }),
          }),
          body: rulebookBody,
          response: { 200: applied, ...problems() },
        },
      },
      async (request) => {
        const dryRun = request.query.dry_run === true;
        const document = rulebookDocumentOf(request.body);
        const uncallable = await uncallableSteps(
          urlCheck,
          document.sources.map((rule, index) => ({ at: ['rules', index], document: rule })),
        );
        if (uncallable.length > 0) throw invalid('The document', uncallable);
        const result = await store.apply(changeOf(request), document, { dryRun });
        return { dry_run: dryRun, ...result };
      },
    );
  });
}
