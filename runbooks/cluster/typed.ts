/** Pieces of the lines that a person types: names and labels are patterns without blanks and quotes, so none needs quoting. */

/** A program in each pod of these labels, one after the other: kubectl itself runs one in a single pod. */
export function inEachPod(namespace: string, selector: string, container: string, program: string): string {
  const pods = `kubectl get pods -n ${namespace} -l ${selector} -o name`;
  return `for pod in $(${pods}); do echo $pod; kubectl exec $pod -n ${namespace} -c ${container} -- ${program}; done`;
}
