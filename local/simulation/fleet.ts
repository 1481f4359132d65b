/** A host as Systems Manager's DescribeInstanceInformation tells of it. */
export interface InstanceInformation {
  instanceId: string;
  computerName: string;
  ipAddress: string;
  pingStatus: 'Online' | 'ConnectionLost';
  agentVersion: string;
  tags: Record<string, string>;
}

export interface ScriptResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * The hosts behind local mode's Systems Manager. One fleet is simulated; `--hosts docker` will be another.
 * A fleet really runs the script, with bash.
 */
export interface HostFleet {
  instances(): InstanceInformation[];
  /**
   * @param environment the `SSM_<parameter>` variables; nothing of this process' own environment reaches the script
   * @param signal ends the script and everything that it started (cancellation, or the document's timeout)
   */
  run(instanceId: string, script: string, environment: Record<string, string>, signal: AbortSignal): Promise<ScriptResult>;
}

export interface Fault {
  id: string;
  title: string;
  /** The system that it makes ill, such as `sira`. */
  system: string;
  on: boolean;
  /** ISO time at which it was switched on. */
  since?: string;
}

/** What the simulated monitoring measures of a system now; it decides from these which alarm fires. */
export interface Measurement {
  alert: string;
  firing: boolean;
  /** The measured value in the alert's unit. */
  value: number;
  reason: string;
  /** Which of the further hosts it is about; nothing for the first, and for what is about all. */
  host?: string;
}
