import type { Asked } from './standing.ts';

/** What a link is for, in words. */
interface Words {
  button: string;
  /** What pressing it does, said before it is pressed. */
  does: string;
  /** What is so now that it was pressed. */
  done: string;
  /** Of the button: `good` where it ends something well. */
  tone: 'primary' | 'good';
}

const WORDS: Readonly<Record<Asked['kind'], Words>> = {
  acknowledge: {
    button: 'Acknowledge: I have it',
    does: 'You say that you have it. Whoever would be paged only because nobody has it is not paged.',
    done: 'You have it. Whoever would have been paged only because nobody had it is not paged any more.',
    tone: 'primary',
  },
  'take-over': {
    button: 'Take it over',
    does: 'You have it, and the automation lets go of it before its next act. What has begun on a host is finished.',
    done: 'You have it. The automation begins nothing new; what had begun on a host is finished.',
    tone: 'primary',
  },
  'escalate-now': {
    button: 'Page the next person now',
    does: 'Whoever is next on the ladder is paged at once, without waiting for its time.',
    done: 'Whoever is next on the ladder is being paged.',
    tone: 'primary',
  },
  resolve: {
    button: 'It is resolved',
    does: 'You say that it is over. The automation ends, and nobody is paged for it any more.',
    done: 'It is resolved. Nobody is paged for it any more.',
    tone: 'good',
  },
  stop: {
    button: 'Stop the automation',
    does: 'It stops before its next act, and then a person has it. What has begun on a host is finished.',
    done: 'The automation stops before its next act, and then a person has it.',
    tone: 'primary',
  },
  approve: {
    button: 'Approve',
    does: 'Firebreak looks once more, and then does just what is listed here, if there is still a reason for it.',
    done: 'Approved. Firebreak looks once more, and then does just what was listed, if there is still a reason for it.',
    tone: 'primary',
  },
  deny: {
    button: 'Deny',
    does: 'It is left alone, and a person is paged.',
    done: 'Denied. It is left alone, and a person is paged.',
    tone: 'primary',
  },
};

export const wordsFor = ({ kind }: Asked): Words => WORDS[kind];
