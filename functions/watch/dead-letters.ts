import { iso } from '../incident/clock.ts';
import type { Round, Told } from './round.ts';

const TOLD_AS = 'dead letters';

/**
 * Signals that could not be handled: the operators hear of each that comes to the others, and of all of them once a day and
 * process. Their alarm says it once, and then no more until the queue is empty. Asking also keeps the queue's metrics awake: SQS
 * stops those of a queue that nobody has touched for six hours, and takes a quarter of an hour to begin again.
 */
export async function deadLetters({ around }: Round, told: Told): Promise<void> {
  const { names, topics, queues, clock, config } = around;
  const depth = await queues.depth(names.deadLetters);
  const today = iso(clock.now()).slice(0, 10);
  const [day, before] = (told.get(TOLD_AS) ?? ' 0').split(' ');
  if (depth > 0 && (day !== today || depth > Number(before)))
    await topics.publish(
      names.operatorsTopic,
      `Firebreak: ${depth} ${depth === 1 ? 'signal' : 'signals'} could not be handled`,
      [
        `About ${depth} messages lie in the queue ${names.deadLetters}. What they speak of may have started nothing: look at those systems yourself.`,
        '',
        'To read them:',
        `aws sqs receive-message --region ${config.region} --max-number-of-messages 10 --visibility-timeout 0 --queue-url "$(aws sqs get-queue-url --region ${config.region} --queue-name ${names.deadLetters} --output text)"`,
        'When they are dealt with, purge the queue, or send them on again (start-message-move-task).',
      ].join('\n'),
    );
  told.set(TOLD_AS, `${today} ${depth}`);
}
