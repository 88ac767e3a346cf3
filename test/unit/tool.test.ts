import { parseArgs } from 'node:util';
import { UsageError } from '../../src/program';
import { oneOf, positive, wordsOf } from '../support/tool';

it('a word that is none of those that there are is refused with their names', () => {
  expect(oneOf('server', ['dev', 'postgres'], 'dev')).toBe('dev');
  expect(() => oneOf('server', ['dev', 'postgres'], 'mysql')).toThrow(
    new UsageError('there is no server "mysql": dev, postgres'),
  );
});

it.each(['0', '-1', 'ten', '', 'Infinity'])('%j is refused where a number above 0 is needed', (text) => {
  expect(() => positive('--minutes', text)).toThrow(new UsageError('--minutes takes a number above 0'));
});

it('half a minute is a number above 0', () => {
  expect(positive('--minutes', '0.5')).toBe(0.5);
});

it('an option that there is not is refused as a mistake of who wrote it', () => {
  expect(() => wordsOf(() => parseArgs({ args: ['--fast'], options: {} }))).toThrow(UsageError);
});
