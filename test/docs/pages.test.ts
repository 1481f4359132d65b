import { describe, expect, it } from 'vitest';
import { pages } from '../../docs/pages.ts';
import { kioskDown, kioskLook } from '../runbooks/language/kiosk.ts';

describe('the generated pages', () => {
  const written = pages([kioskDown(), kioskLook()]);

  it('are one a runbook, at its id, and one that lists them', () => {
    expect([...written.keys()]).toEqual(['README.md', 'kiosk/kiosk-down.md', 'kiosk/look.md']);
    expect(written.get('README.md')).toContain(
      '| [Kiosk down](kiosk/kiosk-down.md) | `KioskDown` (P0), `KioskErrors above 5` (P1) | destructive | No ticket comes out. |',
    );
    expect(written.get('README.md')).toContain('| [Have a look](kiosk/look.md) | by hand only | observe | Somebody wonders. |');
    expect(written.get('README.md')?.match(/^## Kiosk$/gm)).toHaveLength(1);
  });

  it('end in one newline and have no trailing blanks', () => {
    for (const text of written.values()) {
      expect(text).toMatch(/[^\n]\n$/);
      expect(text).not.toMatch(/[ \t]$/m);
    }
  });
});
