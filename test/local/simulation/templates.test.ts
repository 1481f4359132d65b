import { describe, expect, it } from 'vitest';
import { render, TemplateError } from '../../../local/simulation/docker/templates.ts';

const value = {
  Name: '/sira_db_prod',
  State: { Status: 'running', ExitCode: 0, OOMKilled: false, Health: { Status: 'healthy', Log: [] } },
  Config: { Labels: { 'com.docker.compose.service': 'db', 'with "quotes"': 'x' } },
  Mounts: [
    { Name: 'data', Type: 'volume' },
    { Name: 'logs', Type: 'bind' },
  ],
  Nothing: null,
};

describe('a template of docker --format', () => {
  it.each([
    ['{{.Name}}', '/sira_db_prod'],
    ['{{ .State.Status }}\\t{{.State.ExitCode}}', 'running\t0'],
    ['{{json .State.Health}}', '{"Status":"healthy","Log":[]}'],
    ['{{index .Config.Labels "com.docker.compose.service"}}', 'db'],
    ['{{json (index .Config.Labels "com.docker.compose.service")}}', '"db"'],
    ['{{json (index .Config.Labels "no.such.label")}}', '""'],
    ['{{(index .Mounts 1).Name}}', 'logs'],
    ['{{len .Mounts}} {{.State.OOMKilled}}', '2 false'],
    ['{{range .Mounts}}{{.Name}}={{.Type}} {{end}}', 'data=volume logs=bind '],
    ['{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}', 'healthy'],
    ['{{if .Nothing}}yes{{else}}none{{end}}', 'none'],
    ['{{if eq .State.Status "running" "paused"}}up{{end}}', 'up'],
    ['{{range .State.Health.Log}}x{{else}}empty{{end}}', 'empty'],
    ['{{.Nothing}}', '<no value>'],
    ['{{.State.Status | upper | json}}', '"RUNNING"'],
    ['{{with .State}}{{.Status}}{{end}}!', 'running!'],
    ['plain', 'plain'],
    ['{{println .Name}}', '/sira_db_prod\n'],
    ['{{.Mounts}}', '[map[Name:data Type:volume] map[Name:logs Type:bind]]'],
  ])('%s', (template, expected) => {
    expect(render(template, value)).toBe(expected);
  });

  it.each([
    ['{{.State.NoSuch}}', 'map has no entry for key "NoSuch"'],
    ['{{frobnicate .Name}}', 'function "frobnicate" not defined'],
    ['{{.Name', 'unclosed action'],
    ['{{if .Name}}x', 'unexpected EOF'],
    ['x{{end}}', 'unexpected {{end}}'],
    ['{{(index .Mounts 7).Name}}', 'index out of range'],
  ])('%s is refused', (template, message) => {
    expect(() => render(template, value)).toThrow(TemplateError);
    expect(() => render(template, value)).toThrow(message);
  });
});
