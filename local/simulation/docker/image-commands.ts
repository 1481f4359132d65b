import type { Image } from '../host/host-state.ts';
import { type Command, inspected } from './command.ts';
import type { DockerEngine } from './engine.ts';
import { failed, ok, readFlags } from './flags.ts';
import { filtered, humanBytes, list, listTime, type Row, spokenAge } from './format.ts';
import { shortId } from './logs.ts';

/** By tag (`:latest` if not said), digest, or the beginning of the id. */
export function findImage(engine: DockerEngine, reference: string): Image | undefined {
  const { images } = engine.state;
  const tag = /:[^/]+$/.test(reference) ? reference : `${reference}:latest`;
  const id = reference.replace('sha256:', '');
  return (
    images.find(({ tags, digests }) => tags.includes(tag) || digests.includes(reference)) ??
    (/^[0-9a-f]{4,64}$/.test(id) ? images.find((image) => image.id.startsWith(`sha256:${id}`)) : undefined)
  );
}

export function inspectImage(engine: DockerEngine, reference: string): Row | undefined {
  const image = findImage(engine, reference);
  return (
    image && {
      Id: image.id,
      RepoTags: image.tags,
      RepoDigests: image.digests,
      Created: image.createdAt,
      Metadata: { LastTagTime: image.createdAt },
      Size: image.bytes,
      VirtualSize: image.bytes,
      Architecture: 'amd64',
      Os: 'linux',
      Config: { Labels: null },
    }
  );
}

/** How many containers, running or not, were made from an image. */
export const usedBy = (engine: DockerEngine, image: Image) =>
  engine.state.containers.filter(({ imageId }) => imageId === image.id);

/** One row per tag, as `docker image ls` lists images; one without a tag is `<none>`. */
export function imageRows(engine: DockerEngine, image: Image, whole: boolean): Row[] {
  const tags = image.tags.length > 0 ? image.tags : ['<none>:<none>'];
  return tags.map((tag) => ({
    Containers: String(usedBy(engine, image).length),
    CreatedAt: listTime(image.createdAt),
    CreatedSince: `${spokenAge(engine.now() - Date.parse(image.createdAt))} ago`,
    Digest: image.digests[0]?.split('@')[1] ?? '<none>',
    ID: whole ? image.id : shortId(image.id),
    Repository: tag.slice(0, tag.lastIndexOf(':')),
    SharedSize: 'N/A',
    Size: humanBytes(image.bytes),
    Tag: tag.slice(tag.lastIndexOf(':') + 1),
    UniqueSize: 'N/A',
    VirtualSize: humanBytes(image.bytes),
  }));
}

export const images: Command = (engine, args) => {
  const flags = readFlags(args, ['filter|f', 'format'], ['all|a', 'quiet|q', 'no-trunc', 'digests', 'tree']);
  const [repository] = flags.words;
  const rows = filtered(engine.state.images, flags.values('filter'), {
    dangling: (image, value) => (image.tags.length === 0) === (value === 'true'),
    reference: (image, value) => image.tags.some((tag) => tag === value || tag.startsWith(`${value}:`)),
    until: (image, value) => Date.parse(image.createdAt) < engine.now() - Number.parseFloat(value) * 3_600_000,
  })
    .flatMap((image) => imageRows(engine, image, flags.has('no-trunc')))
    .filter((row) => repository === undefined || row.Repository === repository || `${row.Repository}:${row.Tag}` === repository);
  if (flags.has('quiet')) return ok([...new Set(rows.map((row) => row.ID))].join('\n'));
  const columns = { REPOSITORY: 'Repository', TAG: 'Tag', 'IMAGE ID': 'ID', CREATED: 'CreatedSince', SIZE: 'Size' };
  return ok(list(rows, flags.value('format'), columns));
};

export const imageInspect: Command = (engine, args) => {
  const flags = readFlags(args, ['format|f'], []);
  const looked = flags.words.map((name) => [name, inspectImage(engine, name)] as const);
  const missing = looked.filter(([, row]) => !row).map(([name]) => `Error response from daemon: No such image: ${name}`);
  return inspected(
    looked.flatMap(([, row]) => (row ? [row] : [])),
    missing,
    flags.value('format'),
  );
};

export const imageRemove: Command = (engine, args) => {
  const flags = readFlags(args, ['platform'], ['force|f', 'no-prune']);
  const answer = { exitCode: 0, stdout: '', stderr: '' };
  for (const reference of flags.words) {
    const image = findImage(engine, reference);
    const refusal = image ? refused(engine, image, reference, flags.has('force')) : `No such image: ${reference}`;
    if (!image || refusal !== undefined) {
      answer.exitCode = 1;
      answer.stderr += `Error response from daemon: ${refusal}\n`;
      continue;
    }
    const byTag = image.tags.includes(reference) && image.tags.length > 1;
    for (const tag of byTag ? [reference] : [...image.tags, ...image.digests]) answer.stdout += `Untagged: ${tag}\n`;
    if (byTag) image.tags = image.tags.filter((tag) => tag !== reference);
    else {
      engine.state.images = engine.state.images.filter((other) => other !== image);
      answer.stdout += `Deleted: ${image.id}\n`;
    }
    engine.parts.changed();
  }
  return flags.words.length > 0 ? answer : failed('"docker image rm" requires at least 1 argument.');
};

/** Docker's own refusals: never an image of a running container; one of a stopped container only by force. */
function refused(engine: DockerEngine, image: Image, reference: string, force: boolean): string | undefined {
  const users = usedBy(engine, image);
  const running = users.find(({ state }) => state === 'running');
  const id = shortId(image.id);
  if (running)
    return `conflict: unable to delete ${id} (cannot be forced) - image is being used by running container ${shortId(running.id)}`;
  if (users[0] && !force)
    return `conflict: unable to delete ${id} (must be forced) - image is being used by stopped container ${shortId(users[0].id)}`;
  if (image.tags.length > 1 && !image.tags.includes(reference) && !force)
    return `conflict: unable to delete ${id} (must be forced) - image is referenced in multiple repositories`;
  return undefined;
}
