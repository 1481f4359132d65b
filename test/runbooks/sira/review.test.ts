import { describe, expect, it } from 'vitest';
import { differences, type Found, pagePaths, saidOf } from '../../../runbooks/sira/review.ts';
import { needsOf, SiraSettings } from '../../../runbooks/sira/system.ts';

const needs = needsOf(SiraSettings.parse({}));
const asOnThePage: Found = {
  missingTools: [],
  paths: pagePaths(needs).map((path) => ({ path, kind: 'folder', readable: true, writable: true })),
  docker: '24.0.7',
  dockerError: '',
  compose: 'docker compose 2.29.7',
  composeError: '',
  services: needs.services.map(({ service, container }) => ({ service, container })),
};
const otherwise = (found: Partial<Found>) => differences({ ...asOnThePage, ...found }, needs);

describe('a host beside the page', () => {
  it('that is as the page says has no differences', () => {
    expect(otherwise({})).toEqual([]);
    expect(saidOf(asOnThePage, needs)).toBe('tools, paths, services and containers are as the page says');
  });
  it('lacks tools and paths by name', () => {
    const paths = asOnThePage.paths.map((path) => (path.path === '/backups' ? { ...path, kind: 'missing' } : path));
    expect(otherwise({ missingTools: ['certbot'], paths })).toEqual(['certbot is not installed', '/backups is not there']);
  });
  it('has a folder that backups can not be written to', () => {
    const paths = asOnThePage.paths.map((path) => (path.path === '/backups' ? { ...path, writable: false } : path));
    expect(otherwise({ paths })).toEqual(['/backups can not be written']);
  });
  it('may read the compose file without writing it', () => {
    const paths = asOnThePage.paths.map((path) => (path.path.endsWith('.yml') ? { ...path, writable: false } : path));
    expect(otherwise({ paths })).toEqual([]);
  });
  it('has no Docker, or one that does not answer', () => {
    expect(otherwise({ docker: '' })).toEqual(['Docker does not answer: it is not installed']);
    expect(otherwise({ docker: '', dockerError: 'no socket' })).toEqual(['Docker does not answer: no socket']);
  });
  it('calls a container otherwise, or has no such service', () => {
    const services = [{ service: 'backend', container: 'sira-backend' }, ...asOnThePage.services.slice(2)];
    expect(otherwise({ services })).toEqual([
      'the container of backend is called sira-backend, and sira_backend_prod on the page',
      'the compose file has no service frontend',
    ]);
  });
  it('leaves the name of a container to Compose', () => {
    const services = asOnThePage.services.map((one) => ({ ...one, container: '' }));
    expect(otherwise({ services })).toEqual([]);
  });
  it('has a compose file that can not be read, of which nothing more is known', () => {
    expect(otherwise({ composeError: 'line 3', services: [] })).toEqual(['the compose file can not be read: line 3']);
  });
});
