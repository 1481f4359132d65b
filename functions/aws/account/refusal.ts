import { ClusterFault, type ClusterFaultKind } from '../../../runbooks/language/cluster.ts';

/** Why AWS gave no answer: what a person must do differs by it. */
export interface Refusal {
  kind: 'denied' | 'no-credentials' | 'unreachable' | 'unsupported' | 'failed';
  /** In AWS' own words, or the network's, on one line. */
  why: string;
}

/** Whether an error says that the thing itself is not there: an answer, unlike the others. */
export function isAbsent(error: unknown): boolean {
  return ABSENT.has(nameOf(error));
}

export function refusalOf(error: unknown): Refusal {
  const name = nameOf(error);
  const why = sentence(error);
  if (error instanceof ClusterFault) return { kind: OF_CLUSTER[error.kind] ?? 'failed', why };
  if (DENIED.has(name)) return { kind: 'denied', why };
  if (CREDENTIALS.test(name) || /^Region is missing/.test(why)) return { kind: 'no-credentials', why };
  if (UNSUPPORTED.has(name)) return { kind: 'unsupported', why };
  if (NETWORK.has(name) || NETWORK.has(codeOf(error))) return { kind: 'unreachable', why };
  return { kind: 'failed', why: name && !why.includes(name) ? `${name}: ${why}` : why };
}

/** What a cluster says otherwise than AWS. */
const OF_CLUSTER: Partial<Record<ClusterFaultKind, Refusal['kind']>> = {
  forbidden: 'denied',
  unauthorized: 'denied',
  unreachable: 'unreachable',
};
const ABSENT = new Set([
  'ResourceNotFoundException',
  'NotFoundException',
  'NotFound',
  'TableNotFoundException',
  'InvalidDocument',
]);
/** Each service has its own word. */
const DENIED = new Set([
  ...['AccessDeniedException', 'AccessDenied', 'AuthorizationErrorException', 'AuthorizationError'],
  ...['UnauthorizedOperation', 'NotAuthorized'],
]);
const CREDENTIALS =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken(Exception)?|UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|MissingAuthenticationToken(Exception)?)$/;
const UNSUPPORTED = new Set(['UnknownOperationException', 'InvalidAction', 'NotImplementedException', 'NotImplemented']);
const NETWORK = new Set([
  ...['TimeoutError', 'AbortError', 'NetworkingError', 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'],
  ...['ETIMEDOUT', 'EPIPE', 'CERT_HAS_EXPIRED', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
]);

const nameOf = (error: unknown) => (error instanceof Error ? error.name : '');
const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** A connection that was refused on every address of a name has no message of its own: only a code. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'no answer in time';
  const [first] = error instanceof AggregateError ? error.errors : [];
  const text = error.message || (first instanceof Error ? first.message : '') || codeOf(error) || error.name;
  return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}
