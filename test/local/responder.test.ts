import { expect, it } from 'vitest';
import { whole } from './whole.ts';

const scope = 'k/20261004/us-east-1/dynamodb/aws4_request';
const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=s`;
const target = (operation: string) => ({
  'x-amz-target': `DynamoDB_20120810.${operation}`,
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20261004T031400Z',
});
const Item = { pk: { S: 'PLANTED' }, sk: { S: 'PLANTED' } };

it('refuses the AWS APIs to web pages: what another site sends changes nothing, and tells it nothing', async () => {
  const { url, names } = await whole({ monitoring: false });
  const body = JSON.stringify({ TableName: names.table, Item });
  const put = (path: string, headers: Record<string, string>, method = 'POST') =>
    fetch(`${url}${path}`, { method, headers: { ...target('PutItem'), ...headers }, ...(method === 'POST' && { body }) });
  const said = { origin: 'https://elsewhere.example' };

  const refused = [
    await put('/', { authorization, ...said }),
    await put('/', { authorization, 'sec-fetch-site': 'same-site' }),
    await put('/', said, 'OPTIONS'),
    await put('/', { authorization }, 'OPTIONS'),
  ];
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  const presigned = await put(`/?X-Amz-Credential=${encodeURIComponent(scope)}`, said);
  expect(presigned.status, 'no AWS call at all').toBe(404);
  expect([...refused, presigned].map(({ headers }) => headers.get('access-control-allow-origin'))).toEqual(Array(5).fill(null));

  const get = await fetch(url, {
    method: 'POST',
    headers: { ...target('GetItem'), authorization },
    body: JSON.stringify({ TableName: names.table, Key: Item }),
  });
  expect([get.status, await get.json()]).toEqual([200, {}]);
});
