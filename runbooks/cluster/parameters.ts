import * as z from 'zod';

/** The name of an object: a DNS subdomain, as Kubernetes wants it. */
export const objectName = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, 'expected the name of a Kubernetes object');
/** `key=value`, once or several times. */
export const labelSelector = z
  .string()
  .regex(
    /^[A-Za-z0-9./_-]{1,253}=[A-Za-z0-9._-]{0,63}(,[A-Za-z0-9./_-]{1,253}=[A-Za-z0-9._-]{0,63})*$/,
    'expected labels such as app.kubernetes.io/name=web',
  );
export const portNumber = z.number().int().min(1).max(65_535);

/** Whether an object with these labels is found by the selector. */
export function labelsFit(selector: string, labels: Readonly<Record<string, string>>): boolean {
  return selector.split(',').every((one) => {
    const [key = '', value = ''] = one.split('=', 2);
    return labels[key] === value;
  });
}
