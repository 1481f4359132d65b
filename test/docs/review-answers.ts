/**
 * What the engineers of the two simulated incidents write into their reviews. The incidents are played, so that the facts around these
 * words are the records'; what lies behind them is made up, and fits what was seen.
 */
export const P0 = {
  summary:
    'For nineteen minutes no request to the API was answered. The release that was scheduled for 03:00 had stopped the backend and then waited for an image that could not be pulled, so that nothing started it again. Firebreak saw the outage at once and asked before it acted, because a release was under way. The on-call engineer did not hear the two pages; the engineering lead answered the third, and the backend was back within a minute of her approval.',
  impact:
    'Every signed-in user who was active in those minutes: 212 sessions, of which 31 belong to customers in other time zones. Pages loaded and then showed an error in place of their content; nothing could be read or saved. No data was lost: what had been accepted before 03:07 was stored.',
  feltFrom: '2026-10-04T03:07:10Z',
  feltUntil: '2026-10-04T03:26:23Z',
  rootCause: [
    'The release script stops the backend before it pulls the new image. On that night the registry refused the pull, because our access to it had run out at midnight; the script retried without an end, and the backend stayed stopped.',
    'The records agree with that: the backend had exited with code 137, which is how Docker ends a container that does not stop in time, while the database accepted connections and the host had memory and disk to spare. The marker of the release was three seconds old when Firebreak first looked, and the compose file named an image that had never been brought up.',
  ].join('\n\n'),
  whyNotSooner:
    'We were alerted 53 seconds after the first failed request, with the first check after it. The day on which the registry would stop to know us was known for 90 days, and nothing watched it.',
  whatSlowed: [
    'Sixteen of the nineteen minutes went by until a person had read the question.',
    '',
    '- The phone of the on-call engineer was set to silent for emails, and she had no number for SMS in the rotation.',
    '- The question came to everybody who was paged, but its subject did not say that it waited for an answer.',
    '- Firebreak was right to ask: it could not know whether the release was about to start the backend itself.',
  ].join('\n'),
  resolution:
    'The lead saw in the log of the release that it hung at its pull, ended it, and approved the restart. The backend started with the image that was there before, and three checks in a row were good.',
  actions: [
    {
      what: 'Pull the image before the backend is stopped, and end the release where the pull fails',
      kind: 'preventive',
      owner: 'Ada Meyer',
      due: '2026-10-09',
    },
    {
      what: 'Renew the access to the registry by itself, 30 days before it runs out',
      kind: 'preventive',
      owner: 'Noah Brandt (DevOps)',
      due: '2026-10-16',
    },
    {
      what: 'Alert on whatever access runs out within 14 days',
      kind: 'monitoring',
      owner: 'Noah Brandt (DevOps)',
      due: '2026-10-16',
    },
    {
      what: 'Say in the guide for on-call engineers that each of them confirms SMS, and test it with a page at the start of each turn',
      kind: 'documentation',
      owner: 'Grace Okafor',
      due: '2026-10-12',
    },
    { what: 'No release without somebody who watches it to its end', kind: 'process', owner: 'Grace Okafor', due: '2026-10-06' },
  ],
  learnings:
    'Whatever replaces a part must have its replacement in hand before it stops the old one. And a rotation is worth what its last test page was worth: that an address is in the list says nothing about whether it wakes anybody.',
  briefing:
    'Tuesday 2026-10-06, in the weekly meeting of the engineering team, by Grace Okafor. Support was told on the same morning what to answer.',
  runbookLines: [
    '- Before "restart the backend": look whether a release has stopped it (the marker is /srv/sira/.deploying), and who runs it.',
    '- Under "if a release is under way": end it before the backend is started again, so that it does not stop it once more.',
  ].join('\n'),
};

export const SEV1 = {
  summary:
    'The platform was down for everybody for 27 minutes on a Tuesday afternoon. The image of the backend had been replaced in the registry under a tag that was already in use. When the pods started again they took the new image, which could not start. Firebreak restarted the backend once, saw that the new pods ended as the old ones had, and handed it to the on-call engineer, who found the image and pinned the one before.',
  impact: [
    'All users and all devices: nobody could log in, and no reading of a device was accepted.',
    '',
    '- About 1,900 users had the application open; 340 tickets and chats reached support.',
    '- Devices keep their readings for six hours, and sent all of them again from 14:08 on. No reading is missing.',
    '- Three customers have an agreement on availability; for October they are at 99.94 %, within it.',
  ].join('\n'),
  feltFrom: '2026-10-06T13:40:20Z',
  feltUntil: '2026-10-06T14:07:00Z',
  rootCause: [
    'At 13:36 a branch build was pushed to the registry under the tag 2.8.1, which production names. The branch renames a function of app.core.rules and changes its callers only in part. At 13:40 a node was replaced, its pods moved, and each pod that started from then on took the new image: the deployment pulls at each start.',
    'The log of every pod ends with the same line (AttributeError: module app.core.rules has no attribute load), the pods that Firebreak started as well as those before them. The deployment itself had not changed, which is why no rollout was found that could have been taken back.',
  ].join('\n\n'),
  whyNotSooner:
    'The alarm came 43 seconds after the last ready pod was gone, as it is set to. The fault was there four minutes earlier, in the registry, and nobody is told when a tag that production uses is replaced.',
  whatSlowed: [
    'Ten minutes went into a restart that could not help, because the image was the fault: the rollout has to time out before it counts as failed. After that the engineer first looked for a change of the deployment, of which there was none; the registry was the last place in which anybody looked.',
  ].join('\n'),
  resolution:
    'The on-call engineer set the image of the deployment to the digest of the first 2.8.1. The new pods were ready at 14:07, readiness answered 200 from outside, and the rate of errors was back at that of an hour before.',
  actions: [
    {
      what: 'Name images by their digest in the deployments of production',
      kind: 'preventive',
      owner: 'Jonas Weber',
      due: '2026-10-13',
    },
    {
      what: 'Make the tags of releases immutable in the registry',
      kind: 'preventive',
      owner: 'Infrastructure',
      due: '2026-10-09',
    },
    {
      what: 'Alert when pods of one deployment run different images under the same tag',
      kind: 'monitoring',
      owner: 'Infrastructure',
      due: '2026-10-23',
    },
    {
      what: 'Describe in the release guide how branch builds are tagged',
      kind: 'documentation',
      owner: 'Mei Tanaka',
      due: '2026-10-13',
    },
    {
      what: 'Let only the release pipeline push to the registry of production',
      kind: 'process',
      owner: 'Mei Tanaka',
      due: '2026-10-20',
    },
  ],
  learnings:
    'A tag is a promise that anybody with access can break without a trace in the cluster. Where something must be the same tomorrow as today it has to be named by what it is, not by what it is called. And a restart is a question, too: that it did not help told us within minutes that the pods were not the cause.',
  briefing:
    'Thursday 2026-10-08, 10:00 UTC, for engineering and support, by Mei Tanaka. Customers with an agreement get this document.',
  runbookLines: [
    '- After a restart that did not help: compare the digests of the images that the pods run with that of the last release, before looking for a rollout to take back.',
    '- The step that rolls the deployment back says that it finds nothing where only the image behind its tag has changed.',
  ].join('\n'),
};
