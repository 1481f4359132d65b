import {
  CreateOpsItemCommand,
  OpsItemAlreadyExistsException,
  OpsItemNotFoundException,
  SSMClient,
  UpdateOpsItemCommand,
} from '@aws-sdk/client-ssm';
import { type CallWatcher, watched } from './watched.ts';

/** A task for a team, which wakes nobody. */
export interface Ticket {
  /** Written twice under one, it is one ticket. At most 128 characters. */
  dedup: string;
  system: string;
  /** Whose it is. */
  role: string;
  subject: string;
  message: string;
  source: string;
}

/** OpsCenter's limits, in characters. */
const TITLE_LIMIT = 1_024;
const DESCRIPTION_LIMIT = 2_048;
/** OpsCenter finds an OpsItem that is open by this, and makes no second one. */
const DEDUP = '/aws/dedup';

export const makeTickets = (watcher?: CallWatcher) => new Tickets(watched('ssm', new SSMClient({}), watcher));

/** Tickets: OpsItems of Systems Manager's OpsCenter. */
export class Tickets {
  private readonly client: SSMClient;
  constructor(client: SSMClient) {
    this.client = client;
  }

  /** @returns the OpsItem's id; that of the one which is there already, where an earlier attempt has written it */
  async write({ dedup, system, role, subject, message, source }: Ticket): Promise<string> {
    try {
      const { OpsItemId } = await this.client.send(
        new CreateOpsItemCommand({
          Title: subject.slice(0, TITLE_LIMIT),
          Description: message.slice(0, DESCRIPTION_LIMIT),
          Source: source,
          OperationalData: {
            [DEDUP]: { Type: 'SearchableString', Value: JSON.stringify({ dedupString: dedup.slice(0, 128) }) },
            system: { Type: 'SearchableString', Value: system },
            assignedTo: { Type: 'SearchableString', Value: role },
          },
        }),
      );
      if (!OpsItemId) throw new Error('OpsCenter gave the ticket no id');
      return OpsItemId;
    } catch (error) {
      if (error instanceof OpsItemAlreadyExistsException && error.OpsItemId) return error.OpsItemId;
      throw error;
    }
  }

  /** Resolves it. One that somebody has deleted is fine. */
  async close(id: string): Promise<void> {
    try {
      await this.client.send(new UpdateOpsItemCommand({ OpsItemId: id, Status: 'Resolved' }));
    } catch (error) {
      if (!(error instanceof OpsItemNotFoundException)) throw error;
    }
  }
}
