import { expect, it } from 'vitest';
import { wanted } from '../../../local/new/wanted.ts';

it('reads a system and a name', () => {
  expect(wanted('shop/app-down')).toEqual({ system: 'shop', runbook: 'app-down' });
});

it.each([
  ['shop', 'expected <system>/<name>, such as shop/app-down, got "shop"'],
  ['shop/', 'expected <system>/<name>'],
  ['shop/a/b', 'expected <system>/<name>'],
  ['/app-down', 'system: expected 2 to 16 small letters and digits'],
  ['../etc/passwd', 'expected <system>/<name>'],
  ['my-shop/app-down', 'system: expected 2 to 16 small letters and digits'],
  ['firebreak/app-down', 'system: expected'],
  ['Shop/app-down', 'system: expected'],
  ['shop/App', 'name: expected words of small letters with dashes, such as app-down, got "App"'],
  ['shop/app_down', 'name: expected words'],
  ['shop/-down', 'name: expected words'],
  ['shop/..', 'name: expected words'],
  [`shop/${'a'.repeat(45)}`, 'name: expected at most 44 letters'],
])('refuses %s, and says what was expected', (given, says) => {
  expect(() => wanted(given)).toThrow(says);
});

it('takes the longest name that a function can have', () => {
  expect(wanted(`shop/${'a'.repeat(44)}`).runbook).toHaveLength(44);
});
