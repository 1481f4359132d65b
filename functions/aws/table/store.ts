import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SeverityScheme } from '../../../runbooks/language/severity.ts';
import { Claims } from './claims.ts';
import { Controls } from './controls.ts';
import { Incidents, type Written } from './incidents.ts';
import { Items } from './items.ts';
import { Links } from './links.ts';
import { Maintenances } from './maintenances.ts';
import { Pacing } from './pacing.ts';
import { People } from './people.ts';
import { Reviews } from './reviews.ts';
import { Steps } from './steps.ts';

/** The one table, by what is kept in it. */
export interface Store {
  claims: Claims;
  incidents: Incidents;
  steps: Steps;
  people: People;
  pacing: Pacing;
  controls: Controls;
  maintenances: Maintenances;
  links: Links;
  reviews: Reviews;
}

/**
 * @param schemeOf the severities of a system, by which what is open is ordered
 * @param written told of each write to an incident that took effect
 */
export function makeStore(
  client: DynamoDBDocumentClient,
  table: string,
  schemeOf: (system: string) => SeverityScheme,
  written?: Written,
): Store {
  const items = new Items(client, table);
  return {
    claims: new Claims(items),
    incidents: new Incidents(items, schemeOf, written),
    steps: new Steps(items),
    people: new People(items),
    pacing: new Pacing(items),
    controls: new Controls(items),
    maintenances: new Maintenances(items),
    links: new Links(items),
    reviews: new Reviews(items),
  };
}
