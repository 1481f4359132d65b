import type { Certificate, CertificateRequest } from '../certificate-objects.ts';
import { CERTIFICATES_KIND, CHALLENGES, ORDERS, REQUESTS, SECRETS } from '../kinds.ts';
import { stamp } from '../state.ts';
import { isOwned, ownerOf } from '../store.ts';
import { conditionsWith, note, type World } from '../world.ts';

/** How long an order takes until it is decided. Milliseconds. */
const DECIDED = 12_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LIFETIME = 90 * DAY;
const RENEWED_BEFORE = 30 * DAY;

/**
 * cert-manager: a certificate whose secret is missing, or whose status says Issuing, gets a request, an order and a challenge,
 * and in the end a new secret and revision, or the reason why not. Left out: several issuers, private keys, and its own renewal
 * before the end, because the certificates of the simulation are renewed by whoever looks after them.
 */
export function certificates(world: World) {
  for (const certificate of world.store.list(CERTIFICATES_KIND)) tend(world, certificate);
}

function tend(world: World, certificate: Certificate) {
  const { store, now } = world;
  const { namespace } = certificate.metadata;
  const secret = store.get(SECRETS, namespace, certificate.spec.secretName);
  const issuing = certificate.status.conditions.find(({ type, status }) => type === 'Issuing' && status === 'True');
  if (issuing) return issuing.lastTransitionTime ? issue(world, certificate) : seen(world, certificate);
  const { lastFailureTime, failedIssuanceAttempts = 0 } = certificate.status;
  const next = lastFailureTime === undefined ? now : Date.parse(lastFailureTime) + failedIssuanceAttempts * HOUR;
  if (!secret && now < next) world.wakeAt(next);
  if (!secret && now >= next) return begin(world, certificate, 'DoesNotExist', 'Issuing certificate as Secret does not exist');
  ready(world, certificate, secret !== undefined);
}

/** Whoever asked for it did not say when: it is from now on. */
function seen({ store, now }: World, certificate: Certificate): void {
  const conditions = certificate.status.conditions.map((one) =>
    one.type === 'Issuing' ? { ...one, lastTransitionTime: stamp(now) } : one,
  );
  store.save(CERTIFICATES_KIND, { ...certificate, status: { ...certificate.status, conditions } });
}

function ready(world: World, certificate: Certificate, exists: boolean) {
  const { store, now } = world;
  const ends = Date.parse(certificate.status.notAfter ?? '');
  const expired = !(now < ends);
  const condition = !exists
    ? { status: 'False' as const, reason: 'DoesNotExist', message: 'Issuing certificate as Secret does not exist' }
    : expired
      ? { status: 'False' as const, reason: 'Expired', message: `Certificate expired on ${certificate.status.notAfter}` }
      : { status: 'True' as const, reason: 'Ready', message: 'Certificate is up to date and has not expired' };
  if (!expired) world.wakeAt(ends);
  const conditions = conditionsWith(certificate.status.conditions, { type: 'Ready', ...condition }, now);
  store.save(CERTIFICATES_KIND, { ...certificate, status: { ...certificate.status, conditions } });
}

function begin(world: World, certificate: Certificate, reason: string, message: string) {
  const conditions = conditionsWith(
    certificate.status.conditions,
    { type: 'Issuing', status: 'True', reason, message },
    world.now,
  );
  world.store.save(CERTIFICATES_KIND, { ...certificate, status: { ...certificate.status, conditions } });
  note(world, CERTIFICATES_KIND, certificate, 'Normal', 'Issuing', message);
}

function issue(world: World, certificate: Certificate) {
  const { store, now } = world;
  const { name, namespace } = certificate.metadata;
  const revision = (certificate.status.revision ?? 0) + 1;
  const since = Date.parse(
    certificate.status.conditions.find(({ type }) => type === 'Issuing')?.lastTransitionTime ?? stamp(now),
  );
  const started = (request: CertificateRequest) => Date.parse(request.metadata.creationTimestamp) >= since - 1_000;
  const request = store
    .list(REQUESTS, namespace)
    .find((one) => isOwned(one, certificate) && one.metadata.annotations?.[REVISION] === String(revision) && started(one));
  if (!request) return ask(world, certificate, revision);
  const order = store.list(ORDERS, namespace).find((one) => isOwned(one, request));
  const due = Date.parse(request.metadata.creationTimestamp) + DECIDED;
  if (!order || now < due) return world.wakeAt(due);
  const authority = world.active().find(({ fault }) => fault.authority)?.fault.authority;
  if (authority === undefined) {
    settle(world, request, 'valid', {
      type: 'Ready',
      status: 'True',
      reason: 'Issued',
      message: 'Certificate fetched from issuer successfully',
    });
    return issued(world, certificate, revision);
  }
  const host = certificate.spec.dnsNames[0] ?? name;
  const [state, why] =
    authority === 'order-fails' ? (['invalid', orderFailed(host)] as const) : (['errored', rateLimited(host)] as const);
  settle(
    world,
    request,
    state,
    {
      type: 'Ready',
      status: 'False',
      reason: 'Failed',
      message: `Failed to wait for order resource "${order.metadata.name}" to become ready: order is in "${state}" state: ${why}`,
    },
    why,
  );
  fail(world, certificate, why);
}

const REVISION = 'cert-manager.io/certificate-revision';
const orderFailed = (host: string) =>
  `acme: authorization error for ${host}: 403 urn:ietf:params:acme:error:unauthorized: Invalid response from http://${host}/.well-known/acme-challenge/x: 404`;
const rateLimited = (host: string) =>
  `429 urn:ietf:params:acme:error:rateLimited: too many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s: "${host}"`;

function ask(world: World, certificate: Certificate, revision: number): void {
  const { store } = world;
  const { name, namespace, annotations } = certificate.metadata;
  const { issuerRef, dnsNames } = certificate.spec;
  const about = { 'cert-manager.io/certificate-name': name, [REVISION]: String(revision) };
  for (const old of store
    .list(REQUESTS, namespace)
    .filter((one) => isOwned(one, certificate) && one.metadata.annotations?.[REVISION] === String(revision)))
    store.remove(REQUESTS, old);
  const request = store.create(REQUESTS, {
    metadata: {
      name: `${name}-${revision}`,
      namespace,
      annotations: { ...annotations, ...about },
      ownerReferences: [ownerOf(CERTIFICATES_KIND, certificate)],
    },
    spec: { issuerRef, request: '', usages: ['digital signature', 'key encipherment'] },
    status: {
      conditions: conditionsWith(
        [],
        {
          type: 'Approved',
          status: 'True',
          reason: 'cert-manager.io',
          message: 'Certificate request has been approved by cert-manager.io',
        },
        world.now,
      ),
    },
  });
  const order = store.create(ORDERS, {
    metadata: { generateName: `${request.metadata.name}-`, namespace, ownerReferences: [ownerOf(REQUESTS, request)] },
    spec: { dnsNames, issuerRef, request: '' },
    status: { state: 'pending' },
  });
  for (const dnsName of dnsNames)
    store.create(CHALLENGES, {
      metadata: { generateName: `${order.metadata.name}-`, namespace, ownerReferences: [ownerOf(ORDERS, order)] },
      spec: { dnsName, type: 'HTTP-01', issuerRef },
      status: { state: 'pending' },
    });
  note(
    world,
    CERTIFICATES_KIND,
    certificate,
    'Normal',
    'Requested',
    `Created new CertificateRequest resource "${request.metadata.name}"`,
  );
  world.wakeAt(world.now + DECIDED);
}

function settle(
  world: World,
  request: CertificateRequest,
  state: string,
  condition: Parameters<typeof conditionsWith>[1],
  reason?: string,
): void {
  const { store, now } = world;
  const failed = condition.status === 'False' && { failureTime: stamp(now) };
  store.save(REQUESTS, {
    ...request,
    status: { ...request.status, ...failed, conditions: conditionsWith(request.status.conditions, condition, now) },
  });
  for (const order of store.list(ORDERS, request.metadata.namespace).filter((one) => isOwned(one, request))) {
    store.save(ORDERS, { ...order, status: { ...order.status, state, ...(reason && { reason }) } });
    for (const challenge of store.list(CHALLENGES, request.metadata.namespace).filter((one) => isOwned(one, order)))
      if (state === 'valid') store.remove(CHALLENGES, challenge);
      else store.save(CHALLENGES, { ...challenge, status: { ...challenge.status, state, ...(reason && { reason }) } });
  }
}

function issued(world: World, certificate: Certificate, revision: number): void {
  const { store, now } = world;
  const { name, namespace } = certificate.metadata;
  const { secretName } = certificate.spec;
  const secret = store.get(SECRETS, namespace, secretName);
  // What can't be changed takes no new one: it stays at it until the Secret is gone.
  if (secret?.immutable === true) return;
  const annotations = {
    'cert-manager.io/certificate-name': name,
    'cert-manager.io/issuer-name': certificate.spec.issuerRef.name,
  };
  const data = { 'tls.crt': Buffer.from(`simulated certificate, revision ${revision}`).toString('base64'), 'tls.key': '' };
  if (secret) store.save(SECRETS, { ...secret, data });
  else store.create(SECRETS, { metadata: { name: secretName, namespace, annotations }, type: 'kubernetes.io/tls', data });
  const { failedIssuanceAttempts: _, lastFailureTime: __, ...status } = certificate.status;
  const conditions = conditionsWith(
    status.conditions.filter(({ type }) => type !== 'Issuing'),
    { type: 'Ready', status: 'True', reason: 'Ready', message: 'Certificate is up to date and has not expired' },
    now,
  );
  const times = { notBefore: stamp(now), notAfter: stamp(now + LIFETIME), renewalTime: stamp(now + LIFETIME - RENEWED_BEFORE) };
  store.save(CERTIFICATES_KIND, { ...certificate, status: { ...status, ...times, revision, conditions } });
  note(world, CERTIFICATES_KIND, certificate, 'Normal', 'Issuing', 'The certificate has been successfully issued');
}

/** Where the secret is missing it tries again by itself after an hour, then after two, and so on. */
function fail(world: World, certificate: Certificate, why: string): void {
  const { now } = world;
  const message = `The certificate request has failed to complete and will be retried: ${why}`;
  const attempts = (certificate.status.failedIssuanceAttempts ?? 0) + 1;
  const conditions = conditionsWith(
    certificate.status.conditions,
    { type: 'Issuing', status: 'False', reason: 'Failed', message },
    now,
  );
  world.store.save(CERTIFICATES_KIND, {
    ...certificate,
    status: { ...certificate.status, conditions, failedIssuanceAttempts: attempts, lastFailureTime: stamp(now) },
  });
  note(world, CERTIFICATES_KIND, certificate, 'Warning', 'Failed', message);
}
