import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** Who publishes in its own name and not in a role's: CloudWatch's alarms, and Amazon Managed Prometheus. */
const PUBLISHERS = ['cloudwatch.amazonaws.com', 'aps.amazonaws.com'];

/** A key for the topics that CloudWatch may use, which AWS' own key for SNS does not let it. */
export function topicKey(scope: Construct, prefix: string): Key {
  const key = new Key(scope, 'TopicKey', {
    alias: `${prefix}-topics`,
    description: 'Encrypts the topics of Firebreak',
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'Publishers',
      effect: Effect.ALLOW,
      principals: PUBLISHERS.map((service) => new ServicePrincipal(service)),
      actions: ['kms:GenerateDataKey*', 'kms:Decrypt'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  return key;
}
