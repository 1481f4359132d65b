import type { Deployment } from './kinds.ts';

type Owned = Deployment['metadata'];

/** By which label or annotation each says that an object is its own: what is changed there by hand, it takes back. */
const MARKS = [
  ['scaledobject.keda.sh/name', 'KEDA'],
  ['argocd.argoproj.io/instance', 'Argo CD'],
  ['argocd.argoproj.io/tracking-id', 'Argo CD'],
  ['kustomize.toolkit.fluxcd.io/name', 'Flux'],
  ['helm.toolkit.fluxcd.io/name', 'Flux'],
] as const;

/**
 * Who else decides what this object is like. Argo CD's older tracking by `app.kubernetes.io/instance` can't be told from Helm, which
 * takes nothing back: who has it configured so must name Argo CD's own label in its settings to be seen here.
 *
 * @returns `KEDA (saveit-backend)`; `''` for nobody
 */
export function ownerOf({
  ownerReferences,
  labels,
  annotations,
}: Pick<Owned, 'ownerReferences' | 'labels' | 'annotations'>): string {
  const [reference] = ownerReferences;
  if (reference) return `${reference.kind === 'ScaledObject' ? 'KEDA' : reference.kind} (${reference.name})`;
  const marked = MARKS.find(([mark]) => (labels[mark] ?? annotations[mark]) !== undefined);
  if (!marked) return '';
  const [mark, who] = marked;
  return `${who} (${(labels[mark] ?? annotations[mark] ?? '').slice(0, 100)})`;
}
