import { type Approval, approvalAddress } from '../../incident/records.ts';

/** A question to a person. The task token is a secret, and no part of it. */
export interface ApprovalView extends Omit<Approval, 'v' | 'token' | 'hash'> {
  /** `<incident id>.<approval id>`: what `POST /api/approvals/:id` takes. */
  id: string;
}

export function approvalView({ v: _v, token: _token, hash: _hash, ...approval }: Approval): ApprovalView {
  return { ...approval, id: approvalAddress(approval) };
}
