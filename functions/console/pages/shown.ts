import { iso } from '../../incident/clock.ts';
import type { Surroundings } from '../../surroundings.ts';
import { automationModes } from '../read/automation.ts';
import { wholeIncident } from '../read/incident.ts';
import { incidents } from '../read/incidents.ts';
import { maintenances } from '../read/maintenance.ts';
import { wholeRunbook } from '../read/runbook.ts';
import { runbookSummary } from '../views/runbook.ts';
import { automationPage } from './automation.ts';
import type { Visit } from './form.ts';
import { incidentPage } from './incident.ts';
import { incidentsPage } from './incidents.ts';
import type { Html, NavItem } from './layout.ts';
import { maintenancePage } from './maintenance.ts';
import { runbookPage } from './runbook.ts';
import { runbooksPage } from './runbooks.ts';

/** Each page, with what it needs read from the table. */
export class Shown {
  private readonly around: Surroundings;
  private readonly nav: readonly NavItem[];
  private readonly newId: () => string;
  constructor(around: Surroundings, nav: readonly NavItem[], newId: () => string) {
    this.around = around;
    this.nav = nav;
    this.newId = newId;
  }

  async incidents({ name, problem, typed }: Visit): Promise<Html> {
    const { nav, around } = this;
    const [listed, { settings }] = await Promise.all([incidents(around), automationModes(around)]);
    const request = typed?.request ?? this.newId();
    return incidentsPage({
      nav,
      incidents: listed,
      systems: around.systems,
      settings,
      now: this.now(),
      name,
      request,
      problem,
      typed,
    });
  }

  async incident(id: string, { name, problem }: Visit): Promise<Html> {
    const { nav, around } = this;
    const whole = await wholeIncident(around, id);
    const system = around.systems.find((known) => known.id === whole.incident.system);
    const dashboards = system ? system.dashboards(around.config.settingsOf(system.id)) : {};
    return incidentPage({ nav, whole, system, dashboards, now: this.now(), name, problem });
  }

  async runbooks(): Promise<Html> {
    const { automation, defaultMode } = await automationModes(this.around);
    const mode = (id: string) => automation.find((one) => one.runbook === id)?.mode ?? defaultMode;
    const summaries = this.around.runbooks.map((runbook) => runbookSummary(runbook, mode(runbook.id)));
    return runbooksPage(this.nav, summaries);
  }

  async runbook(id: string, { name, problem, typed }: Visit): Promise<Html> {
    const whole = await wholeRunbook(this.around, id);
    return runbookPage({ nav: this.nav, ...whole, name, request: typed?.request ?? this.newId(), typed, problem });
  }

  async automation({ name, problem, typed }: Visit): Promise<Html> {
    return automationPage({ nav: this.nav, modes: await automationModes(this.around), name, problem, typed });
  }

  async maintenance({ name, problem, typed }: Visit): Promise<Html> {
    const { nav, around } = this;
    const { maintenance } = await maintenances(around);
    const request = typed?.request ?? this.newId();
    return maintenancePage({ nav, systems: around.systems, maintenance, name, request, problem, typed });
  }

  private now(): string {
    return iso(this.around.clock.now());
  }
}
