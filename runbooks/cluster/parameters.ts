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
/** A key of a Secret, or of a ConfigMap. */
export const dataKey = z.string().regex(/^[-._a-zA-Z0-9]{1,253}$/, 'expected a key of a Secret');
/** An image, with its registry, tag or digest. */
export const imageName = z.string().regex(/^[a-z0-9][A-Za-z0-9._:/@-]{0,300}$/, 'expected the name of an image');

/** Whether an object with these labels is found by the selector. */
export function labelsFit(selector: string, labels: Readonly<Record<string, string>>): boolean {
  return selector.split(',').every((one) => {
    const [key = '', value = ''] = one.split('=', 2);
    return labels[key] === value;
  });
}
