import { describe, expect, it } from 'vitest';
import { illDependency, illPods, likelyCause, type Responding, restart } from '../../../runbooks/saveit/responding.ts';

type Pods = Responding['pods']['pods'];
const pod = (over: Partial<Pods[number]> = {}): Pods[number] => ({
  name: 'backend-1',
  standing: 'Running',
  ready: true,
  restarts: 0,
  node: 'node-1',
  ageSeconds: 86_400,
  waitsFor: '',
  lastEnd: '',
  lastEndSecondsAgo: null,
  ...over,
});
const crashing = pod({ standing: 'CrashLoopBackOff', ready: false, restarts: 5, lastEnd: 'Error (1)' });
const READY = { url: 'https://api.saveit.ai/api/v1/health/ready', tookMs: 12, error: '' };

function facts({
  pods = [pod()],
  illNodes = [],
  deployment = {},
  status = 503,
  speaksOf = {},
}: {
  pods?: Pods;
  illNodes?: string[];
  deployment?: Partial<Responding['deployment']>;
  status?: number;
  speaksOf?: Partial<Responding['logs']['speaksOf']>;
} = {}): Responding {
  return {
    pods: { pods, count: pods.length, illNodes },
    logs: {
      pods: pods.length,
      silent: [],
      errors: 0,
      top: [],
      speaksOf: { refused: 0, tooMany: 0, memory: 0, redis: 0, mqtt: 0, timeouts: 0, ...speaksOf },
    },
    deployment: {
      underWay: false,
      endedSecondsAgo: null,
      sign: 'none',
      paused: false,
      replicas: 3,
      available: 0,
      generation: 1,
      observedGeneration: 1,
      gaveUp: '',
      ...deployment,
    },
    ready: { ...READY, status, well: status === 200 },
  };
}

describe('restarting the backend', () => {
  it.each([
    ['readiness fails', facts()],
    ['no answer at all', facts({ status: 0 })],
    ['all pods crash', facts({ pods: [crashing] })],
    ['all pods crash, while a stale answer still comes', facts({ pods: [crashing], status: 200 })],
  ])('is needed where %s', (_, given) => {
    expect(restart(given).needed).toBe(true);
  });

  it.each([
    ['all is well', facts({ status: 200 }), /answers, and every pod is ready/],
    ['the image cannot be had', facts({ pods: [pod({ standing: 'ImagePullBackOff', ready: false })] }), /cannot have its image/],
    [
      'the configuration does not fit',
      facts({ pods: [pod({ standing: 'CreateContainerConfigError', ready: false })] }),
      /does not fit/,
    ],
    ['it is paused', facts({ deployment: { paused: true } }), /is paused/],
    ['it is scaled to nothing', facts({ pods: [], deployment: { replicas: 0 } }), /switched it off/],
    ['there are no pods', facts({ pods: [] }), /would make none/],
    ['a node is ill', facts({ illNodes: ['node-1 is not ready'] }), /nodes are ill/],
    ['no node has room', facts({ pods: [pod({ standing: 'Pending', ready: false, waitsFor: '0/2 nodes' })] }), /has room/],
    ['the database is full', facts({ speaksOf: { tooMany: 5 } }), /saveit\/database-connections/],
    ['the database refuses', facts({ speaksOf: { refused: 9 } }), /saveit\/database-connections/],
    ['Redis is away', facts({ speaksOf: { refused: 9, redis: 9 } }), /saveit\/redis-unreachable/],
    ['one of three pods crashes', facts({ pods: [pod(), pod(), crashing], status: 200 }), /would harm those/],
  ])('is not, where %s', (_, given, why) => {
    const reason = restart(given);
    expect(reason.needed).toBe(false);
    expect(reason.why).toMatch(why);
  });

  it('gives a pod that has just begun its time', () => {
    expect(illPods(facts({ pods: [pod({ ready: false, ageSeconds: 60 })] }))).toEqual([]);
    expect(illPods(facts({ pods: [pod({ ready: false, ageSeconds: 400 })] }))).toHaveLength(1);
    expect(illPods(facts({ pods: [pod({ ready: false, ageSeconds: 60, restarts: 1 })] }))).toHaveLength(1);
  });

  it('takes a line or two about a lost connection for no cause', () => {
    expect(illDependency(facts({ speaksOf: { refused: 2, tooMany: 1 } }))).toBeUndefined();
  });
});

describe('what the page says first', () => {
  it('is what a restart would not mend', () => {
    expect(likelyCause(facts({ deployment: { paused: true } }))).toBe('The deployment is paused: somebody works at it');
  });
  it('is how a pod ended, and what its log says', () => {
    const given = facts({ pods: [crashing] });
    const logs = { ...given.logs, top: [{ line: 'KeyError: DATABASE_URL', times: 3 }] };
    expect(likelyCause({ ...given, logs })).toBe('backend-1 ended with Error (1); its log says "KeyError: DATABASE_URL"');
  });
  it('says where it knows nothing', () => {
    expect(likelyCause(facts())).toBe('Nothing in the pods or their logs says why');
  });
});

describe('a certificate that nobody takes', () => {
  const refused = (error: string): Responding => ({ ...facts(), ready: { ...READY, status: 0, well: false, error } });

  it.each([
    'certificate has expired',
    'self-signed certificate',
    "Hostname/IP does not match certificate's altnames: Host: api.saveit.ai. is not in the cert's altnames",
    'unable to verify the first certificate',
  ])('is for its own runbook, and not for a restart: %s', (error) => {
    expect(restart(refused(error))).toMatchObject({ needed: false, why: expect.stringContaining('saveit/certificate-expired') });
    expect(illDependency(refused(error))?.what).toContain(error);
  });
  it('is not what a backend suffers from that does not answer', () => {
    expect(illDependency(refused('connect ECONNREFUSED 10.0.0.1:443'))).toBeUndefined();
    expect(restart(refused('connect ECONNREFUSED 10.0.0.1:443')).needed).toBe(true);
  });
});

describe('a pod that has just begun', () => {
  const young = (standing: string, ageSeconds: number) =>
    illPods(facts({ pods: [pod({ standing, ageSeconds, ready: false })] })).length;
  it('gets three minutes', () => {
    expect([young('Running', 170), young('Running', 190)]).toEqual([0, 1]);
  });
  it.each(['ImagePullBackOff', 'CreateContainerConfigError'])(
    'gets half a minute where the node cannot begin it: %s',
    (standing) => {
      expect([young(standing, 20), young(standing, 40)]).toEqual([0, 1]);
    },
  );
});
