declare module 'asl-validator' {
  /** Validates a state machine. It writes a default into each state of what it is given: pass a copy. */
  function validator(
    definition: object,
    options?: { checkPaths?: boolean; checkArn?: boolean },
  ): { isValid: boolean; errorsText(separator?: string): string };
  export default validator;
}
