import * as z from 'zod';
import type { Clock } from '../../../functions/incident/clock.ts';
import { page } from '../protocol/pagination.ts';
import { operation, type Service, ServiceError } from '../protocol/service.ts';
import type { Folder, Store } from '../store.ts';

const Data = z.record(
  z.string().min(1).max(128),
  z.object({ Value: z.string().max(20_480), Type: z.enum(['SearchableString', 'String']).default('String') }),
);

/** A ticket of OpsCenter. */
export const OpsItem = z.object({
  OpsItemId: z.string(),
  Title: z.string(),
  Description: z.string(),
  Source: z.string(),
  Status: z.string(),
  OperationalData: Data,
  CreatedTime: z.number(),
  LastModifiedTime: z.number(),
});
export type OpsItem = z.output<typeof OpsItem>;

const Given = z.object({
  Title: z.string().min(1).max(1_024),
  Description: z.string().min(1).max(2_048),
  Source: z.string().min(1).max(128),
  OperationalData: Data.default({}),
});
const Named = z.object({ OpsItemId: z.string() });
const Changed = Named.extend({ Status: z.enum(['Open', 'InProgress', 'Resolved']).optional(), Title: z.string().optional() });
const Described = z.object({ MaxResults: z.number().int().min(1).max(50).default(50), NextToken: z.string().optional() });
/** Two open OpsItems never have the same value here. */
const DEDUP = '/aws/dedup';

export const opsItemsIn = (store: Store): Folder<OpsItem> => store.folder('ops-items', OpsItem);

/** OpsCenter's tickets: made, changed, read. One that is open already under the same `/aws/dedup` is not made twice. */
export function opsItems({
  items,
  clock,
  ids,
}: {
  items: Folder<OpsItem>;
  clock: Clock;
  ids: () => string;
}): Service['operations'] {
  const named = (id: string) => {
    const found = items.get(id);
    if (!found) throw new ServiceError('OpsItemNotFoundException', `OpsItem ID ${id} was not found.`);
    return found;
  };
  const now = () => clock.now().getTime() / 1_000;
  return {
    CreateOpsItem: operation(Given, (given) => {
      const dedup = given.OperationalData[DEDUP]?.Value;
      const same = items
        .all()
        .find((one) => dedup !== undefined && one.Status !== 'Resolved' && one.OperationalData[DEDUP]?.Value === dedup);
      if (same)
        throw new ServiceError('OpsItemAlreadyExistsException', `OpsItem already exists: ${same.OpsItemId}`, {
          fields: { OpsItemId: same.OpsItemId },
        });
      const id = `oi-${ids().replaceAll('-', '').slice(0, 12)}`;
      items.put(id, { ...given, OpsItemId: id, Status: 'Open', CreatedTime: now(), LastModifiedTime: now() });
      return { OpsItemId: id };
    }),
    UpdateOpsItem: operation(Changed, ({ OpsItemId, ...changes }) => {
      const before = named(OpsItemId);
      items.put(OpsItemId, {
        ...before,
        Status: changes.Status ?? before.Status,
        Title: changes.Title ?? before.Title,
        LastModifiedTime: now(),
      });
      return {};
    }),
    GetOpsItem: operation(Named, ({ OpsItemId }) => ({ OpsItem: named(OpsItemId) })),
    DescribeOpsItems: operation(Described, ({ MaxResults, NextToken }) => {
      const { items: found, next } = page(items.all(), MaxResults, NextToken);
      return { OpsItemSummaries: found.map(({ Description: _long, ...summary }) => summary), NextToken: next };
    }),
  };
}
