import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { TABLE_SHAPE } from '../functions/incident/table.ts';

/**
 * The whole story, which outlives the stack. It has no time to live: nothing in it ends by itself, and a post-mortem may come
 * late. The shape is local mode's, byte for byte, so it is given as it is and not told again in another language.
 */
export class IncidentTable extends Construct {
  readonly name: string;
  constructor(scope: Construct, id: string, name: string) {
    super(scope, id);
    this.name = name;
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } = TABLE_SHAPE;
    const keys = (schema: readonly { AttributeName: string; KeyType: string }[]) =>
      schema.map(({ AttributeName, KeyType }) => ({ attributeName: AttributeName, keyType: KeyType }));
    const table = new CfnTable(this, 'Table', {
      tableName: name,
      attributeDefinitions: AttributeDefinitions.map(({ AttributeName, AttributeType }) => ({
        attributeName: AttributeName,
        attributeType: AttributeType,
      })),
      keySchema: keys(KeySchema),
      globalSecondaryIndexes: GlobalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }) => ({
        indexName: IndexName,
        keySchema: keys(KeySchema),
        projection: { projectionType: Projection.ProjectionType },
      })),
      billingMode: BillingMode,
      deletionProtectionEnabled: true,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      sseSpecification: { sseEnabled: true },
    });
    table.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
