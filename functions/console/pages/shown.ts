import { earlierLikeIt } from '../../escalate/earlier.ts';
import type { Surroundings } from '../../surroundings.ts';
import { knownIncident } from '../commands/known.ts';
import { automationModes } from '../read/automation.ts';
import { board } from '../read/board.ts';
import { wholeIncident } from '../read/incident.ts';
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

  /** @param from how many open incidents are passed over @param before the past after that incident is shown */
  async incidents({ name, problem, typed }: Visit, from = 0, before?: string): Promise<Html> {
    const { nav, around } = this;
    const [listed, { settings }] = await Promise.all([board(around, from, before), automationModes(around)]);
    const request = typed?.request ?? this.newId();
    const { systems, clock } = around;
    return incidentsPage({ nav, board: listed, before, systems, settings, clock, name, request, problem, typed });
  }

  /** @param find what somebody looks for in the evidence */
  async incident(id: string, { name, problem }: Visit, find = ''): Promise<Html> {
    const { nav, around } = this;
    const record = await knownIncident(around, id);
    // Not among what the API gives: it is read for whoever looks at the page, and not for each refresh of a dashboard.
    const [whole, earlier] = await Promise.all([wholeIncident(around, id), earlierLikeIt(around, record)]);
    const system = around.systems.find((known) => known.id === whole.incident.system);
    const dashboards = system ? system.dashboards(around.config.settingsOf(system.id)) : {};
    return incidentPage({ nav, whole, earlier, system, dashboards, clock: around.clock, name, problem, find });
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
}
