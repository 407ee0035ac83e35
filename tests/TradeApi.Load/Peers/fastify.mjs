// What a team writes that only wants the rows in a table: a schema for the body, one insert, nothing looked up or judged.
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';

const columns = [
  ['notice_id', 'uuid', () => randomUUID()],
  ['received_at', 'timestamptz', () => new Date()],
  ['client_reference', 'text', (n) => n.clientReference],
  ['type', 'text', (n) => n.type],
  ['registration_number', 'text', (n) => n.registrationNumber],
  ['document_reference_number', 'text', (n) => n.documentReferenceNumber],
  ['event_date', 'date', (n) => n.eventDate],
  ['mileage', 'int', (n) => n.mileage],
  ['keeper_consent', 'boolean', (n) => n.keeperConsent],
  ['mark_rights_consent', 'boolean', (n) => n.markRightsConsent],
  ['tax_choice', 'text', (n) => n.taxChoice],
  ['title', 'text', (n) => n.newKeeper?.title],
  ['first_names', 'text', (n) => n.newKeeper?.firstNames],
  ['last_name', 'text', (n) => n.newKeeper?.lastName],
  ['address_line', 'text', (n) => n.newKeeper?.address.line1],
  ['postcode', 'text', (n) => n.newKeeper?.address.postcode],
];
const names = columns.map(([name]) => name).join(', ');
const one = `insert into notice (${names}) values (${columns.map((_, i) => `$${i + 1}`).join(', ')})`;
const many = `insert into notice (${names}) select * from unnest(${columns.map(([, type], i) => `$${i + 1}::${type}[]`).join(', ')})`;

const text = { type: 'string', maxLength: 200 };
const notice = {
  type: 'object',
  required: ['type', 'clientReference', 'registrationNumber', 'documentReferenceNumber', 'eventDate', 'keeperConsent'],
  properties: {
    type: { enum: ['disposalToTrade', 'acquisitionFromTrade'] },
    clientReference: text,
    registrationNumber: { type: 'string', minLength: 2, maxLength: 8 },
    documentReferenceNumber: { type: 'string', pattern: '^[0-9]{11}$' },
    eventDate: { type: 'string', format: 'date' },
    mileage: { type: 'integer', minimum: 0 },
    keeperConsent: { type: 'boolean' },
    markRightsConsent: { type: 'boolean' },
    taxChoice: text,
    newKeeper: {
      type: 'object',
      required: ['lastName', 'address'],
      properties: {
        title: text,
        firstNames: text,
        lastName: text,
        address: { type: 'object', required: ['line1', 'postcode'], properties: { line1: text, postTown: text, postcode: text } },
      },
    },
  },
};

const pool = new pg.Pool({ connectionString: process.env.DATABASE, max: 16 });
const app = Fastify({ bodyLimit: 8 * 1024 * 1024 });
app.post('/notices', { schema: { body: notice } }, async (request, reply) => {
  const values = columns.map(([, , value]) => value(request.body));
  await pool.query({ name: 'one', text: one, values });
  return reply.code(201).send({ id: values[0] });
});
app.post('/notices/bulk', { schema: { body: { type: 'array', maxItems: 1000, items: notice } } }, async (request, reply) => {
  const values = columns.map(([, , value]) => request.body.map(value));
  await pool.query({ name: 'many', text: many, values });
  return reply.code(201).send({ count: request.body.length });
});
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
